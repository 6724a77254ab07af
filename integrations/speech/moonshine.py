"""Moonshine's small English model, which comes inside its package: no voice and no word leaves this machine.

It works in a process of its own (`listen.py`), so that its memory is given back and a crash of it is only a draft
that was not made. Knows nothing of who speaks. Why this one: docs/why.md.
"""

import asyncio
import json
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from hub.errors import BadFile, NotHeard
from integrations.files import sound

NAME = "moonshine"
ANSWERS_WITHIN = 600.0  # seconds; ten minutes of speech take 30 on an idle core, 400 on a very busy one
_LISTEN = Path(__file__).with_name("listen.py")


def is_installed() -> bool:
    return find_spec("moonshine_voice") is not None


@dataclass(frozen=True, slots=True)
class Moonshine:
    """A `hub.ports.Transcriber`."""

    name: str = "Moonshine tiny-en 0.0.49"
    languages: frozenset[str] = frozenset({"en"})
    answers_within: float = ANSWERS_WITHIN

    async def transcribe(self, sound: bytes) -> str:
        try:
            said = await self._listen(await _samples(sound))
            return str(json.loads(said)["words"])
        except (BadFile, TimeoutError, OSError, ValueError, KeyError) as problem:
            raise NotHeard(f"({type(problem).__name__})") from problem

    async def _listen(self, samples: bytes) -> bytes:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            str(_LISTEN),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(self.answers_within):
                said, _ = await child.communicate(samples)
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        return said


async def _samples(content: bytes) -> bytes:
    return (await sound.samples(content)).content
