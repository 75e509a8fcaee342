"""A small dataset, recorded responses and a faulty verifier that show every status of vg1."""
