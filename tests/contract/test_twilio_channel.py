"""What Twilio's channel promises beyond the port: codes, time limits, lists. Real SDK, real HTTP."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.errors import FileTooLarge, Refused, TryLater, Uncertain
from hub.ports import Accepted
from integrations.channels.limited_download import MAX_BYTES
from integrations.channels.sms_twilio import TwilioSms
from integrations.channels.sms_twilio.codes import CODES, code_of
from tests.contract.rigs import LINE, PHONE, FixedClock, outgoing, twilio_rig
from tests.peers.twilio_server import ACCOUNT_SID, AUTH_TOKEN, Fault
from tests.peers.twilio_spec import MISSING, SPEC_PATH, load_spec

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
JPEG = ("image/jpeg", b"\xff\xd8\xff\xe0 a small photo")


@pytest.fixture
async def rig():
    async with twilio_rig() as built:
        yield built


@pytest.mark.skipif(not SPEC_PATH.is_file(), reason=MISSING)
async def test_twilios_own_description_finds_nothing_wrong_with_our_requests(rig):
    await rig.channel.send(outgoing(PHONE, expires_at=rig.clock.now() + timedelta(hours=2)))
    await rig.channel.find_sent(outgoing(PHONE), LONG_AGO)
    await rig.channel.received_since(LINE, LONG_AGO)
    assert len(rig.peer.accepted) == 1
    assert rig.peer.wrong_requests == []


@pytest.mark.skipif(not SPEC_PATH.is_file(), reason=MISSING)
def test_twilios_own_description_finds_what_is_wrong():
    path, headers = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json", {"authorization": "Basic eDp5"}
    headers["content-type"] = "application/x-www-form-urlencoded"
    spec = load_spec()
    assert spec.problem("POST", path, {}, headers, b"To=%2B447700900123&Body=hello") == ""
    assert spec.problem("POST", path, {}, headers, b"Body=hello")
    assert spec.problem("POST", path, {}, headers, b"To=%2B447700900123&ValidityPeriod=soon")
    assert spec.problem("POST", path, {}, headers, b"To=%2B447700900123&Boddy=hello")


async def test_a_request_that_twilio_would_not_understand_is_refused_not_repeated(rig):
    broken = TwilioSms(ACCOUNT_SID, AUTH_TOKEN, status_callback_url="", clock=rig.clock, api_base_url=rig.peer.url)
    with pytest.raises(Refused) as refused:
        await broken.send(outgoing(PHONE, text=""))
    await broken.aclose()
    assert (refused.value.provider_code, refused.value.meaning) == ("21602", "bad_text")


async def test_the_wait_that_twilio_asks_for_is_kept(rig):
    rig.peer.fail_next(Fault.BUSY)
    with pytest.raises(TryLater) as later:
        await rig.channel.send(outgoing(PHONE))
    assert later.value.after == timedelta(seconds=7)


async def test_a_fault_of_twilios_own_is_tried_later(rig):
    rig.peer.fail_next(Fault.BROKEN)
    with pytest.raises(TryLater):
        await rig.channel.send(outgoing(PHONE))


async def test_a_gateway_that_gave_up_waiting_leaves_it_uncertain_because_the_text_may_have_left(rig):
    message = outgoing(PHONE)
    rig.peer.fail_next(Fault.GATEWAY)
    with pytest.raises(Uncertain):
        await rig.channel.send(message)
    assert await rig.channel.find_sent(message, rig.clock.now()) is not None


async def test_no_answer_within_the_time_limit_is_uncertain(rig):
    rig.peer.fail_next(Fault.HANG)
    with pytest.raises(Uncertain):
        await rig.channel.send(outgoing(PHONE))


async def test_a_twilio_that_cannot_be_reached_is_tried_later():
    nowhere = TwilioSms(
        ACCOUNT_SID, AUTH_TOKEN, status_callback_url="", clock=FixedClock(), api_base_url="http://127.0.0.1:1"
    )
    for attempt in (nowhere.send(outgoing(PHONE)), nowhere.find_sent(outgoing(PHONE), LONG_AGO)):
        with pytest.raises(TryLater):
            await attempt
    await nowhere.aclose()


async def test_wrong_credentials_hold_the_message_because_nothing_is_wrong_with_the_number(rig):
    stranger = TwilioSms(
        ACCOUNT_SID, "not-the-token", status_callback_url="", clock=rig.clock, api_base_url=rig.peer.url
    )
    with pytest.raises(TryLater) as later:
        await stranger.send(outgoing(PHONE))
    await stranger.aclose()
    assert later.value.provider_code == "20003"


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        (21610, "opted_out"),
        (21614, "not_mobile"),
        (21211, "invalid_number"),
        (30005, "unknown_number"),
        (30006, "landline"),
        (30007, "filtered"),
        (21612, "region"),
        (21408, "region"),
        (99999, "refused"),
    ],
)
async def test_a_refusal_is_told_in_the_hubs_words(rig, code, meaning):
    rig.peer.refuse(PHONE, code)
    with pytest.raises(Refused) as refused:
        await rig.channel.send(outgoing(PHONE))
    assert (refused.value.provider_code, refused.value.meaning) == (str(code), meaning)


@pytest.mark.parametrize("code", [63018, 21611, 30003])
async def test_what_may_get_through_a_little_later_is_tried_later(rig, code):
    rig.peer.refuse(PHONE, code)
    with pytest.raises(TryLater) as later:
        await rig.channel.send(outgoing(PHONE))
    assert later.value.provider_code == str(code)


def test_codes_are_found_however_they_are_written():
    assert code_of(21610) == code_of("21610") == CODES["21610"]
    assert code_of(None).meaning == code_of("").meaning == "refused"


@pytest.mark.parametrize(
    ("ahead", "seconds"),
    [
        (timedelta(minutes=5), "300"),
        (timedelta(days=3), "36000"),
        (timedelta(0), "1"),
        (timedelta(hours=-1), "1"),
    ],
)
async def test_a_text_does_not_outlive_its_use_in_twilios_queue(rig, ahead, seconds):
    await rig.channel.send(outgoing(PHONE, expires_at=rig.clock.now() + ahead))
    assert rig.peer.requests[0]["ValidityPeriod"] == seconds


async def test_a_text_without_an_expiry_leaves_the_time_to_twilio(rig):
    await rig.channel.send(outgoing(PHONE))
    assert "ValidityPeriod" not in rig.peer.requests[0]


async def test_a_text_to_somebody_else_or_from_another_line_is_not_taken_for_ours(rig):
    await rig.channel.send(outgoing("+447700900124"))
    await rig.channel.send(outgoing(PHONE, line="+447700900002"))
    assert await rig.channel.find_sent(outgoing(PHONE), LONG_AGO) is None


async def test_where_twilio_keeps_no_words_it_can_never_say(rig):
    await rig.channel.send(outgoing(PHONE))
    rig.peer.accepted[0]["body"] = ""
    with pytest.raises(Uncertain):
        await rig.channel.find_sent(outgoing(PHONE), LONG_AGO)


async def test_a_text_that_is_found_has_the_id_that_its_receipts_will_carry(rig):
    message = outgoing(PHONE)
    accepted = await rig.channel.send(message)
    assert await rig.channel.find_sent(message, LONG_AGO) == accepted == Accepted(rig.peer.accepted[0]["sid"])


async def test_missed_texts_are_listed_page_by_page_oldest_first(rig):
    for n in range(405):  # three pages of 200
        rig.peer.receive({"From": PHONE, "To": LINE, "Body": f"text {n}"})
    rig.peer.receive({"From": PHONE, "To": "+447700900002", "Body": "to another line"})
    listed = await rig.channel.received_since(LINE, LONG_AGO)
    assert len(listed) == len({inbound.provider_message_id for inbound in listed}) == 405
    assert {(inbound.sender, inbound.line_address) for inbound in listed} == {(PHONE, LINE)}
    assert listed == sorted(listed, key=lambda inbound: inbound.received_at)


async def test_texts_from_before_are_left_out_although_twilio_lists_whole_days(rig):
    rig.peer.receive({"From": PHONE, "To": LINE, "Body": "earlier today"})
    assert await rig.channel.received_since(LINE, datetime.now(UTC) + timedelta(minutes=1)) == []


async def test_our_own_texts_are_not_listed_as_received(rig):
    await rig.channel.send(outgoing(LINE, line="+447700900002"))
    rig.peer.accepted[0]["date_sent"] = rig.peer.accepted[0]["date_created"]
    assert await rig.channel.received_since(LINE, LONG_AGO) == []


async def test_a_missed_photo_comes_with_its_text(rig):
    rig.peer.receive({"From": PHONE, "To": LINE, "Body": "im here"}, files=[JPEG])
    (inbound,) = await rig.channel.received_since(LINE, LONG_AGO)
    (photo,) = inbound.media
    assert (photo.declared_type, photo.content, photo.refused) == (*JPEG, "")


async def test_a_file_over_10_mb_is_refused_and_its_text_kept(rig):
    rig.peer.receive({"From": PHONE, "To": LINE, "Body": "look"}, files=[("video/mp4", b"\0" * (MAX_BYTES + 1))])
    (inbound,) = await rig.channel.received_since(LINE, LONG_AGO)
    assert inbound.text == "look"
    assert (inbound.media[0].content, inbound.media[0].refused) == (b"", FileTooLarge().code)


async def test_nothing_of_a_request_is_logged(rig, caplog):
    caplog.set_level("DEBUG")
    await rig.channel.send(outgoing(PHONE, "words for one person"))
    await rig.channel.find_sent(outgoing(PHONE), LONG_AGO)
    logged = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith(("tests", "asyncio")))
    assert PHONE.lstrip("+") not in logged
    assert "words for one person" not in logged
