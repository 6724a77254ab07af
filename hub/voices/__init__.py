"""Voice messages: kept as evidence, played by a human, and written down as a draft where a machine does that."""
