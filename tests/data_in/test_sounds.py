"""Voice messages as phones and browsers send them: proved to be sound, copied for a player, never more than that."""

import asyncio
import signal
from asyncio.subprocess import Process
from io import BytesIO
from typing import Any

import av
import pytest

from hub.errors import BadFile, FileTooLarge, SoundTooLong
from integrations.files import sound
from integrations.files.clean import Cleaner
from tests.transcripts.speaking import voice

MARK = "Maple Court 12"  # what a phone may write into a file beside the sound

KINDS = {
    "telegram": ("ogg", "libopus", 48_000),
    "mms_of_an_old_phone": ("amr", "libopencore_amrnb", 8_000),
    "mms_3gp": ("3gp", "libopencore_amrnb", 8_000),
    "iphone": ("ipod", "aac", 44_100),
    "browser": ("webm", "libopus", 48_000),
    "mp3": ("mp3", "libmp3lame", 44_100),
    "wav": ("wav", "pcm_s16le", 16_000),
}


def recorded(container: str, codec: str, rate: int, seconds: int = 2) -> bytes:
    """The hum of the transcripts in another container."""
    out = BytesIO()
    with av.open(BytesIO(voice(seconds)), format="ogg") as source, av.open(out, "w", format=container) as made:
        made.metadata["title"] = MARK
        stream: Any = made.add_stream(codec, rate=rate)
        stream.layout = "mono"
        size = stream.codec_context.frame_size or 160
        resampler = av.AudioResampler(format=stream.codec_context.format, layout="mono", rate=rate, frame_size=size)
        for frame in source.decode(audio=0):
            frame.pts = None
            for part in resampler.resample(frame):
                made.mux(stream.encode(part))
        made.mux(stream.encode(None))
    return out.getvalue()


@pytest.mark.parametrize("name", KINDS)
async def test_what_phones_send_becomes_a_copy_that_plays_everywhere(name: str) -> None:
    clean = await Cleaner().clean(recorded(*KINDS[name]), "application/octet-stream")
    assert clean.content_type == "audio/mpeg"
    assert clean.seconds == pytest.approx(2, abs=0.3)
    with av.open(BytesIO(clean.content), format="mp3") as copy:
        assert copy.streams.audio[0].codec_context.name.startswith("mp3")
        heard = sum(frame.samples / frame.sample_rate for frame in copy.decode(audio=0))
    assert heard == pytest.approx(2, abs=0.3)


@pytest.mark.parametrize("name", ["telegram", "iphone", "mp3"])
async def test_what_a_phone_wrote_beside_the_sound_is_not_in_the_copy(name: str) -> None:
    came = recorded(*KINDS[name])
    assert MARK.encode() in came
    assert MARK.encode() not in (await Cleaner().clean(came, "audio/ogg")).content


@pytest.mark.parametrize(
    "content",
    [
        b"OggS" + b"\0" * 500,
        b"ID3#EXTM3U\nfile:///etc/passwd\n",
        b"\x1aE\xdf\xa3" + b"x" * 4000,
        b"\0\0\0\x18ftypisom" + b"\0" * 100,
        b"RIFF\x24\0\0\0WAVEfmt " + b"\xff" * 64,
        b"#!AMR\n",
        voice()[:60],
    ],
    ids=["only_a_signature", "a_list_of_files", "webm_of_nothing", "mp4_of_nothing", "wav", "amr", "cut_off"],
)
async def test_what_is_no_sound_is_refused(content: bytes) -> None:
    with pytest.raises(BadFile):
        await Cleaner().clean(content, "audio/ogg")


async def test_longer_than_ten_minutes_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound, "MOST_SECONDS", 1.0)
    with pytest.raises(SoundTooLong, match="shorter parts"):
        await Cleaner().clean(voice(), "audio/ogg")


async def test_a_film_is_no_voice_message() -> None:
    out = BytesIO()
    with av.open(out, "w", format="webm") as made:
        stream: Any = made.add_stream("libvpx", rate=5)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for _ in range(5):
            made.mux(stream.encode(av.VideoFrame(64, 64, "yuv420p")))
        made.mux(stream.encode(None))
    with pytest.raises(BadFile, match="Films cannot be used"):
        await Cleaner().clean(out.getvalue(), "video/webm")


async def test_too_many_bytes_are_not_even_looked_at() -> None:
    with pytest.raises(FileTooLarge):
        await Cleaner(most_bytes=100).clean(voice(), "audio/ogg")


async def test_a_decoder_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    stuck, children, start = tmp_path / "stuck.py", list[Process](), asyncio.create_subprocess_exec
    stuck.write_text("import signal\nsignal.pause()\n")  # for ever

    async def begin(*words: str, **how: Any) -> Process:
        children.append(await start(*words, **how))
        return children[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", begin)
    monkeypatch.setattr(sound, "_DECODE", stuck)
    monkeypatch.setattr(sound, "ANSWERS_WITHIN", 0.3)
    with pytest.raises(BadFile, match="in time"):
        await sound.playable(voice())
    assert [child.returncode for child in children] == [-signal.SIGKILL]


async def test_a_decoder_that_crashes_is_a_file_that_cannot_be_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n")
    monkeypatch.setattr(sound, "_DECODE", broken)
    with pytest.raises(BadFile):
        await sound.playable(voice())


async def test_several_at_once() -> None:
    made = await asyncio.gather(*(sound.playable(voice()) for _ in range(4)))
    assert {each.seconds for each in made} == {made[0].seconds}
