"""Verifier for vg1 that asks a model behind an OpenAI-compatible address."""
