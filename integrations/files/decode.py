"""One sound file, decoded and written anew, in a process of its own: started by `sound.py` as a script.

    python decode.py <container> playable|samples <most seconds>     file on stdin, answer on stdout

A stranger's file that hangs or breaks the decoder ends this process and nothing else. "playable" gives an MP3,
"samples" 16 kHz 16-bit mono for whoever listens to words. Imports nothing of ours, so that it starts fast.
"""

import json
import resource
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import av

MEMORY = 1 << 30  # bytes; ten minutes were seen to take some 120 MB
CPU_SECONDS = 60  # ten minutes were seen to take six

# MP3 is what every browser plays, Safari of old too (Opus in Ogg: only since 18.4); its patents have ended. Speech in
# mono at 48 kbit/s is hard to tell from the original, and ten minutes take 3.6 MB.
PLAYABLE_RATE, PLAYABLE_BITS = 24_000, 48_000
SAMPLES = 16_000  # per second, as models of speech want them


def main(container: str, wanted: str, most_seconds: float) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    problem, seconds, made = _decode(container, wanted, most_seconds)
    head = {"problem": problem, "seconds": round(seconds, 1)}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + made)


def _decode(container: str, wanted: str, most_seconds: float) -> tuple[str, float, bytes]:
    """What is wrong with it (`_SAYS` in sound.py), how long it is, and the sound."""
    write = _playable if wanted == "playable" else _samples
    try:
        # The container is named, never guessed: among those that FFmpeg guesses are lists that open other addresses.
        with av.open(BytesIO(sys.stdin.buffer.read()), format=container) as file:
            if any(stream.type == "video" for stream in file.streams):
                return "film", 0.0, b""
            seconds, made = write(file, most_seconds) if file.streams.audio else (0.0, b"")
    except (av.FFmpegError, ValueError, MemoryError, OverflowError):
        return "damaged", 0.0, b""
    if seconds > most_seconds:
        return "too_long", seconds, b""
    return "" if seconds else "damaged", seconds, made


def _playable(file: Any, most_seconds: float) -> tuple[float, bytes]:
    """Only the sound: whatever else stands in the file, a name or a place, is not written."""
    out = BytesIO()
    with av.open(out, "w", format="mp3") as made:
        stream: Any = made.add_stream("libmp3lame", rate=PLAYABLE_RATE)
        stream.layout, stream.bit_rate = "mono", PLAYABLE_BITS
        stream.options = {"compression_level": "7"}  # of nine: three times as fast as the usual one
        seconds = 0.0
        for frame in _frames(file, "s16p", PLAYABLE_RATE):
            seconds += frame.samples / frame.sample_rate
            if seconds > most_seconds:
                break
            frame.pts = None
            made.mux(stream.encode(frame))
        made.mux(stream.encode(None))
    return seconds, out.getvalue()


def _samples(file: Any, most_seconds: float) -> tuple[float, bytes]:
    out, seconds = bytearray(), 0.0
    for frame in _frames(file, "s16", SAMPLES):
        seconds += frame.samples / SAMPLES
        if seconds > most_seconds:
            break
        out += bytes(frame.planes[0])[: frame.samples * 2]  # what follows is padding
    return seconds, bytes(out)


def _frames(file: Any, kind: str, rate: Any) -> Iterator[Any]:
    resampler = av.AudioResampler(format=kind, layout="mono", rate=rate)
    for frame in file.decode(audio=0):
        frame.pts = None  # a recording that was cut begins anywhere
        yield from resampler.resample(frame)
    yield from resampler.resample(None)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
