"""Medical datasets for vg1: radiology, pathology."""
