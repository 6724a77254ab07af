"""Speed as a ratio against a peer or a limit, both measured in the same run: machines differ, ratios travel."""
