"""What Telegram's channel promises beyond the port: buttons, refusals, limits. Real library, real HTTP."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from hub.errors import Refused, TryLater, Uncertain
from hub.ports import Choice
from integrations.channels.telegram import TelegramChannel
from tests.contract.rigs import CHAT, YES_NO, FixedClock, outgoing, telegram_rig
from tests.peers import telegram_server
from tests.peers.telegram_server import Fault


@pytest.fixture
async def rig():
    async with telegram_rig() as built:
        yield built


def bot(base_url, token=telegram_server.TOKEN):
    return TelegramChannel(
        token, line_address="handrail_test_bot", secret_token="x", clock=FixedClock(), base_url=base_url
    )


async def test_choices_become_buttons_that_carry_the_reply_back(rig):
    await rig.channel.send(outgoing(CHAT, "Can you come?", choices=YES_NO))
    keyboard = json.loads(rig.peer.sent[0]["reply_markup"])["inline_keyboard"]
    assert keyboard == [
        [{"text": "Yes, I will come", "callback_data": "1"}],
        [{"text": "No", "callback_data": "2"}],
    ]


async def test_a_text_without_choices_has_no_buttons(rig):
    await rig.channel.send(outgoing(CHAT))
    assert "reply_markup" not in rig.peer.sent[0]


async def test_a_reply_too_long_for_a_button_leaves_the_text_alone(rig):
    await rig.channel.send(outgoing(CHAT, choices=(Choice("ŵ" * 33, "Long"),)))
    assert "reply_markup" not in rig.peer.sent[0]


async def test_the_wait_that_telegram_asks_for_is_kept(rig):
    rig.peer.fail_next(Fault.BUSY)
    with pytest.raises(TryLater) as later:
        await rig.channel.send(outgoing(CHAT))
    assert later.value.after == timedelta(seconds=7)


async def test_a_fault_of_telegrams_own_is_tried_later(rig):
    rig.peer.fail_next(Fault.BROKEN)
    with pytest.raises(TryLater):
        await rig.channel.send(outgoing(CHAT))


@pytest.mark.parametrize("fault", [Fault.GATEWAY, Fault.HANG])
async def test_no_answer_from_telegram_itself_is_uncertain(rig, fault):
    rig.peer.fail_next(fault)
    with pytest.raises(Uncertain):
        await rig.channel.send(outgoing(CHAT))


async def test_a_telegram_that_cannot_be_reached_is_tried_later():
    nowhere = bot("http://127.0.0.1:1")
    with pytest.raises(TryLater):
        await nowhere.send(outgoing(CHAT))
    await nowhere.aclose()


async def test_a_wrong_token_holds_the_message_because_nothing_is_wrong_with_the_person(rig):
    stranger = bot(rig.peer.url, token="700900:another")
    with pytest.raises(TryLater):
        await stranger.send(outgoing(CHAT))
    await stranger.aclose()


@pytest.mark.parametrize(
    ("status", "sentence", "meaning"),
    [
        (403, "Forbidden: bot was blocked by the user", "opted_out"),
        (403, "Forbidden: user is deactivated", "unknown_number"),
        (403, "Forbidden: bot can't initiate conversation with a user", "opted_out"),
        (400, "Bad Request: chat not found", "invalid_number"),
        (400, "Bad Request: something new", "refused"),
    ],
)
async def test_a_refusal_is_told_in_the_hubs_words(rig, status, sentence, meaning):
    rig.peer.refusals[CHAT] = (status, sentence)
    with pytest.raises(Refused) as refused:
        await rig.channel.send(outgoing(CHAT))
    assert refused.value.meaning == meaning
    assert refused.value.provider_code.startswith(str(status))


async def test_a_text_longer_than_telegram_takes_is_refused_for_its_text(rig):
    with pytest.raises(Refused) as refused:
        await rig.channel.send(outgoing(CHAT, "x" * 4097))
    assert refused.value.meaning == "bad_text"


async def test_the_bots_token_is_never_logged(rig, caplog):
    caplog.set_level("INFO")
    await rig.channel.send(outgoing(CHAT))
    rig.peer.refusals[CHAT] = (403, "Forbidden: bot was blocked by the user")
    with pytest.raises(Refused):
        await rig.channel.send(outgoing(CHAT))
    assert telegram_server.TOKEN not in caplog.text


async def test_telegram_has_nothing_to_list_because_it_repeats_by_itself(rig):
    assert list(await rig.channel.received_since("handrail_test_bot", datetime(2020, 1, 1, tzinfo=UTC))) == []
