"""Backend for vg1: a tiny vision-language model made on your machine, for demos and tests."""
