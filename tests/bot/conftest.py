"""One trained assistant for all tests that need it; trained only when its files changed."""

from collections.abc import Iterator

import pytest

from hub.exact_replies import ExactReplies
from integrations.assistant.server import BotServer
from tests.bot.asking import ROOT


@pytest.fixture(scope="session")
def exact() -> ExactReplies:
    return ExactReplies.from_flows(ROOT / "flows")


@pytest.fixture(scope="session")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotServer]:
    with BotServer(ROOT, log=tmp_path_factory.mktemp("bot") / "bot.log") as server:
        yield server
