"""Procedural samples for vg1 in all eight dimensions, made offline from a seed."""
