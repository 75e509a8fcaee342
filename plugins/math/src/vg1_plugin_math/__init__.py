"""Mathematical datasets for vg1: geometry, tables, word problems with pictures."""
