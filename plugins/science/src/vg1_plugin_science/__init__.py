"""General-science datasets for vg1: school to university."""
