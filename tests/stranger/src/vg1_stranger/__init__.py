"""Plugins for vg1 by a stranger: each module is one plugin, and none is imported before its name is used."""
