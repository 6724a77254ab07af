"""Every transcript, on every channel, with Rasa and without: the conversations are the specification."""

from pathlib import Path

import pytest

from hub.flows import Flows
from hub.ports import Assistant
from hub.store.engine import Store
from hub.words import ChannelKind
from integrations.assistant.rasa import RasaAssistant
from tests.transcripts.runner import Replay, read
from tests.world import AssistantOff, ScriptedTranscriber, make_world

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*/*.yml"))
CHANNELS = (ChannelKind.SMS, ChannelKind.TELEGRAM, ChannelKind.WEBCHAT)
# The fast suite replays what goes well, on SMS; the rest comes with the slow one. Those replays walk through the same
# lines again: `make test` counts no lines there, which would take a third of the time.
AGAIN = (pytest.mark.slow, pytest.mark.again)
SMS_FIRST = [ChannelKind.SMS, *(pytest.param(kind, marks=AGAIN) for kind in CHANNELS[1:])]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "file" in metafunc.fixturenames:
        names = [str(file.relative_to(FOLDER).with_suffix("")) for file in FILES]
        metafunc.parametrize("file", [pytest.param(file, marks=_slow_when_unhappy(file)) for file in FILES], ids=names)


def _slow_when_unhappy(file: Path) -> list[pytest.MarkDecorator]:
    return [pytest.mark.slow] if "\nunhappy: true" in file.read_text(encoding="utf-8") else []


@pytest.mark.parametrize("channel", SMS_FIRST)
async def test_transcript_without_rasa(file: Path, channel: ChannelKind, store: Store, flows: Flows) -> None:
    await replay(file, channel, store, flows, AssistantOff(), assistant_on=False)


@pytest.mark.slow
@pytest.mark.again
@pytest.mark.parametrize("channel", CHANNELS)
async def test_transcript_with_rasa(
    file: Path, channel: ChannelKind, store: Store, flows: Flows, rasa: RasaAssistant
) -> None:
    await replay(file, channel, store, flows, rasa, assistant_on=True)


async def replay(
    file: Path, channel: ChannelKind, store: Store, flows: Flows, assistant: Assistant, *, assistant_on: bool
) -> None:
    transcript = read(file)
    listens = (transcript.get("given") or {}).get("speech")  # a machine writes down voice messages
    transcriber = ScriptedTranscriber() if listens else None
    world = await make_world(store, assistant=assistant, flows=flows, transcriber=transcriber)
    await Replay(world, transcript, channel, assistant_on).run()
