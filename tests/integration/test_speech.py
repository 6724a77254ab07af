"""The real local model on real and on synthetic speech: a voice message becomes a draft, with no network at all."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import select

from hub.errors import NotHeard
from hub.ports import Media
from hub.store.tables import VoiceDraft
from hub.words import ChannelKind, Role
from integrations.files import sound
from integrations.files.clean import Cleaner
from integrations.speech.moonshine import Moonshine
from tests.transcripts.speaking import voice
from tests.world import World

pytestmark = pytest.mark.slow

BECKETT = "ever tried ever failed no matter try again fail again fail better"


def spoken() -> bytes:
    """Ten seconds of a real voice, which the makers of the model ship with it."""
    package = find_spec("moonshine_voice")
    assert package
    assert package.origin
    return (Path(package.origin).parent / "assets" / "beckett.wav").read_bytes()


def words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.casefold())


def wrong(heard: list[str], said: list[str]) -> int:
    """Words that were left out, put in or taken for others (Levenshtein)."""
    row = list(range(len(said) + 1))
    for place, word in enumerate(heard, 1):
        before, row[0] = row[0], place
        for number, other in enumerate(said, 1):
            before, row[number] = row[number], min(row[number] + 1, row[number - 1] + 1, before + (word != other))
    return row[-1]


async def test_a_voice_message_becomes_a_draft_that_its_speaker_is_asked_about(world: World) -> None:
    object.__setattr__(world.hub, "transcriber", Moonshine())
    async with world.hub.store.transaction() as session:
        person, _ = await world.person(session, role=Role.VICTIM)
        key = world.hub.vault.open_person_key(person.wrapped_key or b"")
    said = (Media(spoken(), "audio/wav", "voice.wav"),)
    await world.simulator.text("+447700900101", "+447700900002", "", channel=ChannelKind.SMS, media=said)
    await world.settle()
    async with world.hub.store.transaction() as session:
        draft = (await session.scalars(select(VoiceDraft))).one()
    heard = words(key.open(draft.words_sealed or b"", "voice"))
    assert wrong(heard, words(BECKETT)) <= 3, heard
    assert draft.model.startswith("Moonshine")
    assert draft.state == "asked"
    assert any("fail" in text.casefold() and "machine heard" in text for text in world.heard())


async def test_it_works_without_a_network() -> None:
    """In a network namespace of its own, where the machine allows one: nothing is fetched, nothing is sent."""
    pcm = (await sound.samples((await Cleaner().clean(spoken(), "audio/wav")).content)).content
    heard = cut_off(pcm)
    if heard is None and "CI" not in os.environ:  # there it is a failure: nobody would see that it was not tried
        pytest.skip("this machine gives no network namespace")
    assert heard is not None, "no network namespace: run it as root, or allow `unshare -rn`"
    assert wrong(words(heard.partition(":")[2]), words(BECKETT)) <= 3


def cut_off(pcm: bytes) -> str | None:
    ways = (["unshare", "-rn"], ["unshare", "-n"])  # the second is for root where people may make no namespaces
    alone = next((way for way in ways if not subprocess.run([*way, "true"], check=False).returncode), None)
    if alone is None:
        return None
    listen = [sys.executable, "-I", str(Path("integrations/speech/listen.py").resolve())]
    return subprocess.run([*alone, *listen], input=pcm, capture_output=True, check=True).stdout.decode()


async def test_silence_gives_no_words() -> None:
    clean = await Cleaner().clean(voice(), "audio/ogg")
    assert len(words(await Moonshine().transcribe(clean.content))) <= 2


async def test_what_is_no_sound_or_takes_too_long_is_not_heard() -> None:
    with pytest.raises(NotHeard):
        await Moonshine().transcribe(b"no sound")
    clean = await Cleaner().clean(spoken(), "audio/wav")
    with pytest.raises(NotHeard):
        await Moonshine(answers_within=0.05).transcribe(clean.content)
