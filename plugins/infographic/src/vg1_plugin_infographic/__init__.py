"""Infographic datasets for vg1: charts, documents, maps."""
