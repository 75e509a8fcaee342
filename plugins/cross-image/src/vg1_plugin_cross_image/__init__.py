"""Cross-image datasets for vg1: questions over several pictures."""
