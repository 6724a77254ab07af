"""Memory of a process that will run for long. Must not know what runs in it."""

import gc

YOUNG = 20_000  # objects made and not freed before the collector looks; Python's own 700 come with every few statements


def settle() -> None:
    """What is there by now lasts: the collector walks over it once and then leaves it alone. For the rest it comes less
    often, which alone spared a simulation 14% of the processor.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)
