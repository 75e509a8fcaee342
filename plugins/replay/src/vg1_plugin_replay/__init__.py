"""Backend for vg1 that answers with recorded responses."""
