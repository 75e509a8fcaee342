"""Backend for vg1: any image-text-to-text model through Hugging Face transformers."""
