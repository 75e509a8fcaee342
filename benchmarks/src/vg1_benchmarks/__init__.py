"""Benchmarks for vg1, scored as their authors score them."""
