"""Answer verifiers for vg1: choice, exact, numeric, math, set, anls, iou, click, format and more."""
