"""How well texts are understood: read rows, make of each what the hub would, count. Must not know the command line."""
