"""Common-sense datasets for vg1: knowledge and reasoning over photos."""
