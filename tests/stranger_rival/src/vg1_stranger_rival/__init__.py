"""Another stranger, who had the same idea."""
