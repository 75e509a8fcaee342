"""The tasks by dimension. A task is a pure function of random numbers, level and size; see `drawn.Task`."""
