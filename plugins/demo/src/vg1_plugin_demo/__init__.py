"""`vg1 demo`: a tiny model, recorded responses and a faulty verifier that show every status."""
