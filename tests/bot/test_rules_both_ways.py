"""Every rule with an exact word: the hub's fast path and the trained assistant give the same command."""

from collections.abc import Iterator

import httpx
import pytest

from hub.exact_replies import ExactReplies, Rule
from hub.ports import Command, Turn
from hub.words import Awaiting, Role
from integrations.assistant.server import BotServer
from tests.bot.asking import ask

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


def turns(exact: ExactReplies) -> Iterator[tuple[Rule, Turn]]:
    """One turn for every rule, exact intent and language that has a word for it."""
    for rule in exact.rules:
        for language, words in exact.replies.words.items():
            spelled = {intent: word for word, intent in words.items()}
            for intent in sorted(rule.intents & spelled.keys()):
                awaiting = rule.awaiting or Awaiting.NOTHING
                yield rule, Turn("c", spelled[intent], awaiting, rule.role or Role.SUPERVISED, language)


def test_both_give_the_same_commands(exact: ExactReplies, bot: BotServer) -> None:
    walked = list(turns(exact))
    assert len(walked) > 100
    for rule, turn in walked:
        answer = ask(bot, turn.text, awaiting=turn.awaiting, role=turn.role, language=turn.language)
        said = tuple(Command(c.pop("do"), c) for c in answer["commands"])
        decision = exact.decide(turn)
        if decision is None:
            assert said == (Command("not_understood"),), (rule.name, turn)
        else:
            assert said == decision.commands, (rule.name, turn)


@pytest.mark.parametrize(
    ("text", "awaiting"),
    [
        ("7/10", "survey_rating"),
        ("K7P2", "attendance_code"),
        ("4 8 2 9", "attendance_code"),
        ("zero", "survey_rating"),
    ],
)
def test_patterns_mean_the_same_too(exact: ExactReplies, bot: BotServer, text: str, awaiting: str) -> None:
    decision = exact.decide(Turn("c", text, Awaiting(awaiting)))
    assert decision is not None
    said = ask(bot, text, awaiting=awaiting)["commands"]
    assert said == [{"do": c.do, **c.entities} for c in decision.commands]


# --- the door -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic abc", "Bearer wröng"])
def test_without_the_token_nobody_is_answered(bot: BotServer, header: str) -> None:
    url = f"{bot.base_url}/webhooks/handrail/turn"
    answer = httpx.post(url, json={"text": "hi"}, headers={"authorization": header.encode()}, timeout=10)
    assert answer.status_code == 401


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"text": 5}', b"{}"])
def test_a_body_of_another_form_is_refused(bot: BotServer, body: bytes) -> None:
    url = f"{bot.base_url}/webhooks/handrail/turn"
    answer = httpx.post(url, content=body, headers={"authorization": f"Bearer {bot.token}"}, timeout=10)
    assert answer.status_code == 400


@pytest.mark.parametrize("text", ["", " ", "😀😀", "\x00\x07", "a" * 10_000, "🏴" * 500, "/restart", "/session_start"])
def test_any_text_gets_some_command(bot: BotServer, text: str) -> None:
    assert ask(bot, text)["commands"]


def test_a_turn_knows_nothing_of_the_one_before(bot: BotServer) -> None:
    first = ask(bot, "1", awaiting="appointment_confirmation")["commands"]
    assert first == [{"do": "confirm_attendance"}]
    assert ask(bot, "1")["commands"] == [{"do": "not_understood"}]
