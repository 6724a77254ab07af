"""`python3 -m handrail.setup [step …]`: do the steps that are not done, with a line for each.

Called by the Makefile. Knows nothing of what the steps do.
"""

import fcntl
import sys
import time
from typing import IO

from handrail.setup.places import STAMPS
from handrail.setup.run import SetupFailed
from handrail.setup.steps import STEPS, Step


def main(wanted: list[str]) -> int:
    steps = [step for step in STEPS if not wanted or step.name in wanted]
    STAMPS.mkdir(exist_ok=True)
    with (STAMPS / "lock").open("w") as lock:
        _take_turns(lock)
        try:
            for number, step in enumerate(steps, start=1):
                _do(step, f"[{number}/{len(steps)}] {step.words}")
        except SetupFailed as problem:
            print(f"\nThe set-up stopped: {problem}", file=sys.stderr)
            return 1
    return 0


def _take_turns(lock: IO[str]) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Another set-up is running in this folder; waiting for it.", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)


def _do(step: Step, line: str) -> None:
    if step.is_done():
        print(f"{line}: ready", flush=True)
        return
    print(f"{line} …", flush=True)
    began = time.monotonic()
    step.do()
    step.mark_done()
    print(f"      done in {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
