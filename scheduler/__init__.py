"""When: the clock that ticks and the loops that claim and carry out. Knows no channel and no page."""
