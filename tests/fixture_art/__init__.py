"""Drawings for the fixture rows: simple pictures, made here from shapes and text, the same on every run."""
