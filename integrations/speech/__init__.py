"""Speech to words, on this machine."""
