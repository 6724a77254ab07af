"""Voice messages that strangers send: are they sound, how long, and a copy that every browser plays.

The decoding is done by FFmpeg in a process of its own (`decode.py`), with a limit on its time and memory.
Knows nothing of who speaks, or of what is said.
"""

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from hub.errors import BadFile, SoundTooLong

MOST_SECONDS = 10 * 60.0
ANSWERS_WITHIN = 60.0  # seconds; ten minutes of speech were seen to take nine on a busy machine
SAMPLES = 16_000  # a second, as models of speech want them
PLAYABLE_TYPE = "audio/mpeg"

_BEGIN_WITH = {
    b"OggS": "ogg",  # Telegram's voice notes
    b"#!AMR": "amr",  # MMS of older phones
    b"ID3": "mp3",
    b"fLaC": "flac",
    b"caff": "caf",
    b"\x1aE\xdf\xa3": "matroska",  # WebM: what browsers record
}
_DECODE = Path(__file__).with_name("decode.py")
_MP3, _AAC = {0xFB, 0xF3, 0xF2, 0xFA}, {0xF1, 0xF9}  # the second byte of a frame, after 0xFF
_SAYS = {
    "film": BadFile("Films cannot be used. Send a photo, or a voice message."),
    "damaged": BadFile("This voice message is damaged or did not arrive whole."),
    "too_long": SoundTooLong(),
}


@dataclass(frozen=True, slots=True)
class Sound:
    content: bytes
    seconds: float


def container_of(content: bytes) -> str:
    """What the first bytes say, as FFmpeg names it; empty for what is no sound. A film looks like one of these, too."""
    for begin, name in _BEGIN_WITH.items():
        if content.startswith(begin):
            return name
    if content[4:8] == b"ftyp":  # M4A, 3GP, and pictures, which are looked for first
        return "mov"
    if content.startswith(b"RIFF") and content[8:12] == b"WAVE":
        return "wav"
    if len(content) > 1 and content[0] == 0xFF:
        return "mp3" if content[1] in _MP3 else "aac" if content[1] in _AAC else ""
    return ""


async def playable(content: bytes) -> Sound:
    """An MP3 of the same sound and of nothing else. Raises `BadFile` and `SoundTooLong`."""
    return await _decoded(content, "playable")


async def samples(content: bytes) -> Sound:
    """16-bit mono at `SAMPLES` a second. Raises as `playable`."""
    return await _decoded(content, "samples")


async def _decoded(content: bytes, wanted: str) -> Sound:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(_DECODE),
        container_of(content),
        wanted,
        str(MOST_SECONDS),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(ANSWERS_WITHIN):
            answer, _ = await child.communicate(content)
    except TimeoutError as late:
        raise BadFile("It could not be read in time.") from late
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    head, _, made = answer.partition(b"\n")
    said = json.loads(head) if child.returncode == 0 else {"problem": "damaged"}
    if said["problem"]:
        raise _SAYS[said["problem"]]
    return Sound(made, float(said["seconds"]))
