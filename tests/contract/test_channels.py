"""The contract of the `Channel` port, run for every implementation, and what each promises besides."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.delivery import MEANINGS
from hub.errors import NoChannel, Refused, TryLater, Uncertain
from hub.ports import Accepted
from hub.words import ChannelKind
from integrations.channels.registry import ChannelRegistry
from integrations.channels.sms_twilio import codes as twilio_codes
from integrations.channels.telegram import codes as telegram_codes
from integrations.channels.webchat import WebChat
from tests.contract.rigs import RIGS, outgoing

BREAKABLE = ["simulator", "twilio", "telegram"]
ASKABLE = ["simulator", "twilio"]  # a Telegram bot cannot read what it has sent
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
async def rig(request):
    async with RIGS[request.param]() as built:
        yield built


def on(names):
    return pytest.mark.parametrize("rig", names, indirect=True)


@on(RIGS)
async def test_an_accepted_text_has_the_providers_id(rig):
    accepted = await rig.channel.send(outgoing(rig.address))
    assert isinstance(accepted, Accepted)
    assert accepted.provider_message_id


@on(RIGS)
async def test_two_texts_have_two_ids(rig):
    first = await rig.channel.send(outgoing(rig.address))
    second = await rig.channel.send(outgoing(rig.address))
    assert first != second


@on(RIGS)
async def test_nothing_received_is_an_empty_list(rig):
    assert list(await rig.channel.received_since("nobody-wrote-here", LONG_AGO)) == []


@on(RIGS)
async def test_a_channel_says_its_kind(rig):
    assert rig.channel.kind in ChannelKind


@on(BREAKABLE)
@pytest.mark.parametrize("text", ["Dewch â'ch llythyr ŵ ŷ", "👍🏽 👨‍👩‍👧", "a & b = c + d % e", "line\nbreak"])
async def test_a_text_arrives_letter_by_letter(rig, text):
    await rig.channel.send(outgoing(rig.address, text))
    assert rig.texts() == [text]


@on(BREAKABLE)
async def test_a_busy_provider_means_try_later_and_nothing_was_sent(rig):
    rig.busy()
    with pytest.raises(TryLater):
        await rig.channel.send(outgoing(rig.address))
    assert rig.texts() == []


@on(BREAKABLE)
async def test_a_hard_refusal_carries_its_meaning_and_the_providers_code(rig):
    meaning = rig.refusing()
    with pytest.raises(Refused) as refused:
        await rig.channel.send(outgoing(rig.address))
    assert refused.value.meaning == meaning
    assert refused.value.provider_code
    assert rig.address not in str(refused.value)


@on(BREAKABLE)
async def test_a_connection_that_breaks_before_the_answer_is_uncertain(rig):
    rig.break_before_taking()
    with pytest.raises(Uncertain):
        await rig.channel.send(outgoing(rig.address))
    rig.break_after_taking()
    with pytest.raises(Uncertain):
        await rig.channel.send(outgoing(rig.address))


@on(ASKABLE)
async def test_a_text_that_left_before_the_break_is_found(rig):
    message = outgoing(rig.address)
    started = datetime.now(UTC) - timedelta(seconds=1)
    rig.break_after_taking()
    with pytest.raises(Uncertain):
        await rig.channel.send(message)
    found = await rig.channel.find_sent(message, started)
    assert found is not None
    assert found.provider_message_id


@on(ASKABLE)
async def test_a_text_that_did_not_leave_is_not_found(rig):
    message = outgoing(rig.address)
    rig.break_before_taking()
    with pytest.raises(Uncertain):
        await rig.channel.send(message)
    assert await rig.channel.find_sent(message, datetime.now(UTC) - timedelta(minutes=1)) is None


@on(ASKABLE)
async def test_an_older_text_with_the_same_words_is_not_taken_for_it(rig):
    await rig.channel.send(outgoing(rig.address))
    later = datetime.now(UTC) + timedelta(minutes=10)
    assert await rig.channel.find_sent(outgoing(rig.address), later) is None


@on(ASKABLE)
async def test_other_words_to_the_same_person_are_not_taken_for_it(rig):
    await rig.channel.send(outgoing(rig.address, "Other words."))
    assert await rig.channel.find_sent(outgoing(rig.address), LONG_AGO) is None


@on(["telegram"])
async def test_telegram_can_never_say_whether_a_text_left(rig):
    with pytest.raises(Uncertain):
        await rig.channel.find_sent(outgoing(rig.address), LONG_AGO)


@on(["webchat"])
async def test_a_web_chat_text_is_sent_by_being_stored(rig):
    message = outgoing(rig.address)
    accepted = await rig.channel.send(message)
    assert accepted == Accepted(f"web-{message.message_id}")
    assert await rig.channel.find_sent(message, LONG_AGO) == accepted


def test_a_line_of_its_own_comes_before_its_kind():
    everyone, one = WebChat(), WebChat()
    registry = ChannelRegistry({ChannelKind.WEBCHAT: everyone}, lines={(ChannelKind.WEBCHAT, "chat.example.org"): one})
    assert registry.for_line("chat.example.org", ChannelKind.WEBCHAT) is one
    assert registry.for_line("other.example.org", ChannelKind.WEBCHAT) is everyone


def test_a_line_without_a_channel_says_so():
    with pytest.raises(NoChannel):
        ChannelRegistry().for_line("+447700900001", ChannelKind.SMS)


def test_the_simulator_can_serve_every_kind_of_line():
    channel = WebChat()
    registry = ChannelRegistry.everywhere(channel)
    assert {registry.for_line("any", kind) for kind in ChannelKind} == {channel}


@pytest.mark.parametrize(
    "meaning",
    sorted({code.meaning for code in twilio_codes.CODES.values()} | {r.meaning for r in telegram_codes.REFUSALS}),
)
def test_every_meaning_has_words_for_people(meaning):
    assert meaning in MEANINGS
