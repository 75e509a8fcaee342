"""Spatial datasets for vg1: relations, counting, boxes."""
