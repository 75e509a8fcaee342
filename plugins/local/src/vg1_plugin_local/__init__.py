"""Your own rows and pictures as a vg1 dataset, told by a ten-line mapping file."""
