"""Answer verifiers for vg1: choice, exact, numeric, math, iou, click."""
