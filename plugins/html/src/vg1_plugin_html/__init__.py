"""Reporter for vg1: one self-contained HTML page."""
