"""GUI datasets for vg1: screens, clicks, elements."""
