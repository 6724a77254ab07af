"""Twilio's webhooks: captured payloads, signed as Twilio signs, over real HTTP into a real application."""

from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI

from hub.errors import BadSettings
from hub.ports import DeliveryStatus
from integrations.channels.limited_download import MAX_BYTES
from integrations.channels.sms_twilio import TwilioSms, router
from integrations.channels.sms_twilio.webhook import to_receipt
from tests.contract.doors import Doors, payload
from tests.contract.rigs import LINE, PHONE, FixedClock, outgoing
from tests.peers.serving import serving
from tests.peers.twilio_server import ACCOUNT_SID, AUTH_TOKEN, TwilioPeer
from tests.peers.twilio_webhooks import post_form, post_json, sign

JPEG = ("image/jpeg", b"\xff\xd8\xff\xe0 a small photo")


@pytest.fixture
def doors():
    return Doors()


def twilio_of(base_url, api_base_url="http://127.0.0.1:1"):
    return TwilioSms(
        ACCOUNT_SID,
        AUTH_TOKEN,
        status_callback_url=f"{base_url}/webhooks/sms/status",
        clock=FixedClock(),
        api_base_url=api_base_url,
    )


@asynccontextmanager
async def application(doors, api_base_url="http://127.0.0.1:1", public_base_url=""):
    """Our application; `public_base_url` as behind a proxy, else the address that it really has."""
    app = FastAPI()
    async with serving(app) as url:
        twilio = twilio_of(public_base_url or url, api_base_url)
        app.include_router(router(twilio, doors.accept, doors.record_receipt))
        yield url


@pytest.fixture
async def url(doors):
    async with application(doors) as address:
        yield address


async def post(url, params, **how):
    return await post_form(f"{url}/webhooks/sms", params, auth_token=AUTH_TOKEN, **how)


async def test_a_text_reaches_the_hub_and_twilio_is_told_to_say_nothing(url, doors):
    answer = await post(url, payload("sms_twilio/text.json"))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/xml; charset=utf-8")
    assert answer.text.endswith("<Response/>")
    (inbound,) = doors.inbound
    assert (inbound.line_address, inbound.sender, inbound.channel) == (LINE, PHONE, "sms")
    assert inbound.text == "yes ill be there"
    assert inbound.provider_message_id == payload("sms_twilio/text.json")["MessageSid"]
    assert inbound.received_at.tzinfo is not None


async def test_a_forged_text_is_refused_and_never_reaches_the_hub(url, doors):
    forged = await post_form(
        f"{url}/webhooks/sms", payload("sms_twilio/text.json"), auth_token="a token that somebody guessed"
    )
    assert forged.status_code == 403
    assert doors.inbound == []


async def test_an_unsigned_text_is_refused(url, doors):
    async with httpx.AsyncClient(verify=False) as client:
        answer = await client.post(f"{url}/webhooks/sms", data=payload("sms_twilio/text.json"))
    assert answer.status_code == 403
    assert doors.inbound == []


async def test_a_text_changed_on_its_way_is_refused(url, doors):
    params = payload("sms_twilio/text.json")
    signature = sign(AUTH_TOKEN, f"{url}/webhooks/sms", params)
    async with httpx.AsyncClient(verify=False) as client:
        answer = await client.post(
            f"{url}/webhooks/sms", data=params | {"Body": "no"}, headers={"X-Twilio-Signature": signature}
        )
    assert answer.status_code == 403
    assert doors.inbound == []


async def test_a_signature_for_another_address_is_refused(url, doors):
    answer = await post(url, payload("sms_twilio/text.json"), signed_url=f"{url}/webhooks/sms/status")
    assert answer.status_code == 403
    assert doors.inbound == []


async def test_a_webhook_that_comes_five_times_carries_the_same_id_each_time(url, doors):
    for _ in range(5):
        assert (await post(url, payload("sms_twilio/text.json"))).status_code == 200
    assert len(doors.inbound) == 5
    assert len({inbound.provider_message_id for inbound in doors.inbound}) == 1


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x" * 10_000, id="ten thousand characters"),
        pytest.param("👍🏽" * 10_000, id="ten thousand emoji"),
        pytest.param("🙂", id="one emoji"),
        pytest.param("\x00\x07\x1b[2J\r\n\t\u202e", id="control characters"),
        pytest.param("", id="nothing"),
        pytest.param("a=b&To=+447700900999&c=%41+1", id="looks like a form"),
        pytest.param("Dw i'n dod ŵ ŷ", id="Welsh"),
    ],
)
async def test_every_text_comes_through_unharmed(url, doors, text):
    assert (await post(url, payload("sms_twilio/text.json") | {"Body": text})).status_code == 200
    assert doors.inbound[0].text == text


async def test_parameters_that_twilio_adds_one_day_do_no_harm(url, doors):
    assert (await post(url, payload("sms_twilio/future_parameters.json"))).status_code == 200
    assert doors.inbound[0].text == "running late 10 mins"


async def test_a_short_code_may_write_too(url, doors):
    assert (await post(url, payload("sms_twilio/short_code_sender.json"))).status_code == 200
    assert doors.inbound[0].sender == "7726"


async def test_a_stop_that_twilio_has_already_answered_says_so(url, doors):
    await post(url, payload("sms_twilio/stop.json"))
    assert (doors.inbound[0].text, doors.inbound[0].provider_keyword) == ("STOP", "STOP")


async def test_a_json_body_is_known_by_its_hash(url, doors):
    answer = await post_json(f"{url}/webhooks/sms", payload("sms_twilio/text.json"), auth_token=AUTH_TOKEN)
    assert answer.status_code == 200
    assert doors.inbound[0].text == "yes ill be there"


async def test_a_json_body_that_does_not_fit_its_hash_is_refused(url, doors):
    called = f"{url}/webhooks/sms?bodySHA256={'0' * 64}"
    headers = {"X-Twilio-Signature": sign(AUTH_TOKEN, called)}
    async with httpx.AsyncClient(verify=False) as client:
        answer = await client.post(called, json=payload("sms_twilio/text.json"), headers=headers)
    assert answer.status_code == 403
    assert doors.inbound == []


async def test_a_json_body_without_a_hash_is_refused_although_its_address_is_signed(url, doors):
    called = f"{url}/webhooks/sms"
    headers = {"X-Twilio-Signature": sign(AUTH_TOKEN, called)}
    async with httpx.AsyncClient(verify=False) as client:
        answer = await client.post(called, json=payload("sms_twilio/text.json"), headers=headers)
    assert answer.status_code == 403
    assert doors.inbound == []


@pytest.mark.parametrize("content_type", ["", "text/plain", "multipart/form-data; boundary=x"])
async def test_a_body_of_an_odd_kind_is_refused_not_crashed_upon(url, doors, content_type):
    headers = {"X-Twilio-Signature": "bm90IGEgc2lnbmF0dXJl", "Content-Type": content_type}
    async with httpx.AsyncClient(verify=False) as client:
        answer = await client.post(f"{url}/webhooks/sms", content=b"\xff\xfe\x00", headers=headers)
    assert answer.status_code == 403
    assert doors.inbound == []


async def test_a_signed_request_that_is_no_message_is_a_mistake_of_the_caller(url, doors):
    assert (await post(url, {"Hello": "Twilio"})).status_code == 400
    assert doors.inbound == []


async def test_a_huge_body_is_turned_away(url, doors):
    answer = await post(url, payload("sms_twilio/text.json") | {"Body": "x" * 2_000_000})
    assert answer.status_code == 413
    assert doors.inbound == []


async def test_behind_a_proxy_the_public_address_is_what_was_signed(doors):
    public = "https://texts.example.org"
    async with application(doors, public_base_url=public) as url:
        through = await post(url, payload("sms_twilio/text.json"), signed_url=f"{public}/webhooks/sms")
        around = await post(url, payload("sms_twilio/text.json"))
    assert (through.status_code, around.status_code) == (200, 403)
    assert len(doors.inbound) == 1


async def test_with_the_database_gone_the_answer_is_503(url, doors):
    doors.shut = True
    assert (await post(url, payload("sms_twilio/text.json"))).status_code == 503
    report = await post_form(
        f"{url}/webhooks/sms/status", payload("sms_twilio/status_sent.json"), auth_token=AUTH_TOKEN
    )
    assert report.status_code == 503


# --- photos and files -----------------------------------------------------------------------------


async def media_of(doors, files, **changes):
    """What the hub gets when these files come with a text, through the carrier and its webhook."""
    async with TwilioPeer().running() as peer, application(doors, api_base_url=peer.url) as url:
        for name, value in changes.pop("peer", {}).items():
            setattr(peer, name, value)
        params = peer.receive({"From": PHONE, "To": LINE, "Body": "im here"}, files=files)
        assert (await post(url, params | changes)).status_code == 200
    assert doors.inbound[0].text == "im here"
    return doors.inbound[0].media


async def test_photos_are_fetched_with_the_accounts_own_credentials(doors):
    first, second = await media_of(doors, [JPEG, ("image/png", b"\x89PNG")])
    assert (first.declared_type, first.content, first.refused) == (*JPEG, "")
    assert (second.declared_type, second.content) == ("image/png", b"\x89PNG")


async def test_a_photo_of_exactly_10_mb_is_taken_and_one_byte_more_is_not(doors):
    most, more = await media_of(doors, [("image/jpeg", bytes(MAX_BYTES)), ("image/jpeg", bytes(MAX_BYTES + 1))])
    assert (len(most.content), most.refused) == (MAX_BYTES, "")
    assert (more.content, more.refused) == (b"", "file_too_large")


async def test_a_photo_on_another_host_is_not_fetched(doors):
    called = []

    async def somewhere_else(scope, receive, send):
        called.append(scope["path"])

    async with serving(somewhere_else) as elsewhere:
        (photo,) = await media_of(doors, [JPEG], MediaUrl0=f"{elsewhere}/secret")
    assert (photo.content, photo.refused) == (b"", "bad_file")
    assert called == []


async def test_a_redirect_into_our_own_network_is_not_followed(doors):
    called = []

    async def inside(scope, receive, send):
        called.append(scope["path"])

    async with serving(inside) as elsewhere:
        (photo,) = await media_of(doors, [JPEG], peer={"redirect_media_to": f"{elsewhere}/latest/meta-data"})
    assert photo.refused == "bad_file"
    assert called == []


@pytest.mark.parametrize("link", ["", "not a link", "file:///etc/passwd", "http://[::1", "ftp://127.0.0.1/x"])
async def test_a_broken_link_costs_the_photo_not_the_text(doors, link):
    (photo,) = await media_of(doors, [JPEG], MediaUrl0=link)
    assert (photo.content, photo.refused) == (b"", "bad_file")


@pytest.mark.parametrize("count", ["-1", "many", "99999999", "²"])
async def test_a_wrong_count_of_photos_does_no_harm(doors, count):
    assert len(await media_of(doors, [JPEG], NumMedia=count)) <= 1


# --- what Twilio reports about our texts ----------------------------------------------------------


async def report(url, params):
    return await post_form(f"{url}/webhooks/sms/status", params, auth_token=AUTH_TOKEN)


@pytest.mark.parametrize(
    ("name", "status", "code", "meaning"),
    [
        ("sent", DeliveryStatus.SENT, "", ""),
        ("delivered", DeliveryStatus.DELIVERED, "", ""),
        ("undelivered", DeliveryStatus.UNDELIVERED, "30003", "unreachable"),
        ("failed_landline", DeliveryStatus.FAILED, "30006", "landline"),
    ],
)
async def test_a_report_is_told_in_the_hubs_words(url, doors, name, status, code, meaning):
    said = payload(f"sms_twilio/status_{name}.json")
    assert (await report(url, said)).status_code == 204
    (receipt,) = doors.receipts
    assert receipt.provider_message_id == said["MessageSid"]
    assert (receipt.status, receipt.code, receipt.meaning) == (status, code, meaning)


async def test_reports_out_of_order_are_all_passed_on_as_they_came(url, doors):
    for name in ("delivered", "sent", "delivered"):
        await report(url, payload(f"sms_twilio/status_{name}.json"))
    assert [receipt.status for receipt in doors.receipts] == ["delivered", "sent", "delivered"]


@pytest.mark.parametrize("status", ["queued", "accepted", "sending", "scheduled", "a_new_status"])
async def test_a_report_that_tells_nothing_is_taken_and_dropped(url, doors, status):
    said = payload("sms_twilio/status_queued.json") | {"MessageStatus": status}
    assert (await report(url, said)).status_code == 204
    assert doors.receipts == []


async def test_a_forged_report_is_refused(url, doors):
    answer = await post_form(
        f"{url}/webhooks/sms/status", payload("sms_twilio/status_delivered.json"), auth_token="wrong"
    )
    assert answer.status_code == 403
    assert doors.receipts == []


async def test_the_carriers_own_report_on_a_text_that_we_sent_comes_home(doors):
    async with TwilioPeer().running() as peer, application(doors, api_base_url=peer.url) as url:
        twilio = twilio_of(url, peer.url)
        accepted = await twilio.send(outgoing(PHONE))
        assert (await peer.report(accepted.provider_message_id, "delivered")).status_code == 204
        await twilio.aclose()
    assert [(r.provider_message_id, r.status) for r in doors.receipts] == [
        (accepted.provider_message_id, DeliveryStatus.DELIVERED)
    ]


def test_a_status_callback_that_is_not_ours_is_noticed_at_the_start(doors):
    lost = TwilioSms(ACCOUNT_SID, AUTH_TOKEN, status_callback_url="https://texts.example.org", clock=FixedClock())
    with pytest.raises(BadSettings):
        router(lost, doors.accept, doors.record_receipt)


def test_a_report_without_a_message_is_none():
    assert to_receipt({"MessageStatus": "delivered"}) is None
