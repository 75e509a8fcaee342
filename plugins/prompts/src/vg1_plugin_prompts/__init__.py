"""Prompts for vg1: direct, cot_boxed, vision_g1, official."""
