"""Telegram's webhook and polling: captured updates from a local Bot API server into a real application."""

import asyncio
import json

import httpx
import pytest
from fastapi import FastAPI

from hub.errors import StoreUnavailable
from integrations.channels.telegram import TelegramChannel, poll, router
from tests.contract.doors import Doors, payload
from tests.contract.rigs import CHAT, FixedClock
from tests.peers.serving import serving
from tests.peers.telegram_server import TOKEN, Fault, TelegramPeer

SECRET = "a-secret-of-the-test"


@pytest.fixture
def doors():
    return Doors()


@pytest.fixture
async def peer():
    async with TelegramPeer().running() as running:
        yield running


@pytest.fixture
async def channel(peer):
    built = TelegramChannel(
        TOKEN,
        line_address="handrail_test_bot",
        secret_token=SECRET,
        clock=FixedClock(),
        base_url=peer.url,
        timeout_seconds=2,
    )
    yield built
    await built.aclose()


@pytest.fixture
async def url(channel, doors):
    app = FastAPI()
    app.include_router(router(channel, doors.accept))
    async with serving(app) as base:
        address = f"{base}/webhooks/telegram"
        await channel.bot.set_webhook(address, secret_token=SECRET)
        yield address


async def test_a_text_reaches_the_hub(peer, url, doors):
    assert (await peer.push(payload("telegram/text.json"))).status_code == 200
    (inbound,) = doors.inbound
    assert (inbound.line_address, inbound.sender, inbound.channel) == ("handrail_test_bot", CHAT, "telegram")
    assert (inbound.text, inbound.provider_message_id) == ("yes ill be there", "70090001")


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", "ŵ"])
async def test_an_update_without_the_secret_is_refused(url, doors, secret):
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret.encode()}
    async with httpx.AsyncClient(verify=False) as client:
        answer = await client.post(url, json=payload("telegram/text.json"), headers=headers)
    assert answer.status_code == 403
    assert doors.inbound == []


async def test_an_update_that_comes_five_times_carries_the_same_id_each_time(peer, url, doors):
    for _ in range(5):
        assert (await peer.push(payload("telegram/text.json"))).status_code == 200
    assert [inbound.provider_message_id for inbound in doors.inbound] == ["70090001"] * 5


async def test_when_telegram_had_it_comes_along(peer, url, doors):
    await peer.push(payload("telegram/text.json"))
    assert doors.inbound[0].sent_at.timestamp() == 1_790_000_000


@pytest.mark.parametrize("text", ["x" * 4096, "👍🏽" * 1000, "\x00\x07\x1b[2J\u202e", "ŵ ŷ"])
async def test_every_text_comes_through_unharmed(peer, url, doors, text):
    update = payload("telegram/text.json")
    update["message"]["text"] = text
    assert (await peer.push(update)).status_code == 200
    assert doors.inbound[0].text == text


async def test_a_tap_comes_back_as_its_reply_and_the_phone_stops_waiting(peer, url, doors):
    await peer.push(payload("telegram/button_tap.json"))
    assert (doors.inbound[0].text, doors.inbound[0].sender) == ("1", CHAT)
    assert peer.acknowledged == ["4382bfdwdsb323b2d9"]


async def test_of_a_photo_the_largest_size_is_fetched_with_its_caption(peer, url, doors):
    peer.files = {"photo-small": b"small", "photo-large": b"large"}
    await peer.push(payload("telegram/photo.json"))
    (inbound,) = doors.inbound
    assert inbound.text == "im here"
    assert [(photo.content, photo.declared_type) for photo in inbound.media] == [(b"large", "image/jpeg")]


async def test_documents_and_voices_are_fetched(peer, url, doors):
    peer.files = {"letter": b"%PDF-1.7", "voice": b"OggS"}
    await peer.push(payload("telegram/document.json"))
    await peer.push(payload("telegram/voice.json"))
    letter, voice = (inbound.media[0] for inbound in doors.inbound)
    assert (letter.content, letter.declared_type, letter.name) == (
        b"%PDF-1.7",
        "application/pdf",
        "letter.pdf",
    )
    assert (voice.content, voice.declared_type) == (b"OggS", "audio/ogg")


async def test_a_recording_that_was_made_elsewhere_is_fetched_too(peer, url, doors):
    peer.files = {"recording": b"\0\0\0\x18ftypM4A "}
    await peer.push(payload("telegram/audio.json"))
    (media,) = doors.inbound[0].media
    assert (media.declared_type, media.name, media.refused) == ("audio/mp4", "Recording.m4a", "")


async def test_a_file_of_200_mb_is_refused_unseen_and_its_text_kept(peer, url, doors):
    await peer.push(payload("telegram/document_200_mb.json"))
    (inbound,) = doors.inbound
    assert inbound.text == "the film"
    assert (inbound.media[0].content, inbound.media[0].refused) == (b"", "file_too_large")


async def test_a_file_that_lies_about_its_size_is_cut_off(peer, url, doors):
    peer.files = {"letter": bytes(11 * 1024 * 1024)}
    await peer.push(payload("telegram/document.json"))
    assert doors.inbound[0].media[0].refused == "file_too_large"


async def test_a_file_that_telegram_does_not_give_costs_the_file_not_the_text(peer, url, doors):
    await peer.push(payload("telegram/photo.json"))
    assert doors.inbound[0].text == "im here"
    assert doors.inbound[0].media[0].refused == "file_too_large"


async def test_a_shared_place_stays_out_of_the_text(peer, url, doors):
    await peer.push(payload("telegram/location.json"))
    (inbound,) = doors.inbound
    assert inbound.text == ""
    (place,) = inbound.media
    assert place.declared_type == "application/geo+json"
    assert json.loads(place.content) == {"type": "Point", "coordinates": [-3.1681, 51.4839]}


async def test_a_sticker_is_shown_as_something_that_could_not_be_used(peer, url, doors):
    await peer.push(payload("telegram/sticker.json"))
    assert [(m.declared_type, m.refused) for m in doors.inbound[0].media] == [("telegram/sticker", "bad_file")]


@pytest.mark.parametrize("name", ["group", "edited", "stopped_the_bot"])
async def test_groups_edits_and_the_rest_are_taken_and_dropped(peer, url, doors, name):
    assert (await peer.push(payload(f"telegram/{name}.json"))).status_code == 200
    assert doors.inbound == []


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b"{}", b'"x"', b"\xff", b'{"update_id": "x"}'])
async def test_what_is_no_update_is_a_mistake_of_the_caller(url, doors, body):
    async with httpx.AsyncClient(verify=False) as client:
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        answer = await client.post(url, content=body, headers=headers)
    assert answer.status_code == 400
    assert doors.inbound == []


async def test_with_the_database_gone_the_answer_is_503_so_that_telegram_repeats(peer, url, doors):
    doors.shut = True
    assert (await peer.push(payload("telegram/button_tap.json"))).status_code == 503
    assert peer.acknowledged == []
    doors.shut = False
    assert (await peer.push(payload("telegram/button_tap.json"))).status_code == 200
    assert [inbound.text for inbound in doors.inbound] == ["1"]


# --- polling --------------------------------------------------------------------------------------


async def test_polling_takes_every_update_once_and_stops_when_told(peer, channel, doors):
    stop = asyncio.Event()
    await peer.queue(payload("telegram/text.json"), payload("telegram/group.json"))
    polling = asyncio.create_task(poll(channel, doors.accept, stop))
    await asyncio.wait_for(peer.wait_until_confirmed(), 10)
    await peer.queue(payload("telegram/button_tap.json") | {"update_id": 70090020})
    await asyncio.wait_for(peer.wait_until_confirmed(), 10)
    stop.set()
    await asyncio.wait_for(polling, 2)
    assert [inbound.text for inbound in doors.inbound] == ["yes ill be there", "1"]


async def test_an_update_that_could_not_be_stored_comes_again(peer, channel, doors):
    tries = []

    async def accept_at_the_third_try(inbound):
        tries.append(inbound.provider_message_id)
        if len(tries) < 3:
            raise StoreUnavailable
        await doors.accept(inbound)

    stop = asyncio.Event()
    await peer.queue(payload("telegram/text.json"))
    polling = asyncio.create_task(poll(channel, accept_at_the_third_try, stop, pause_seconds=0.01))
    await asyncio.wait_for(peer.wait_until_confirmed(), 10)
    stop.set()
    await polling
    assert tries == ["70090001"] * 3
    assert len(doors.inbound) == 1


async def test_a_failure_in_the_hub_is_not_swallowed_and_confirms_nothing(peer, channel):
    async def broken(_):
        raise RuntimeError("a mistake in the hub")

    await peer.queue(payload("telegram/text.json"))
    with pytest.raises(RuntimeError):
        await poll(channel, broken, asyncio.Event())
    assert peer.unconfirmed == [70090001]


async def test_polling_goes_on_when_telegram_was_away(peer, channel, doors):
    stop = asyncio.Event()
    peer.fail_next(Fault.BROKEN, times=2)
    await peer.queue(payload("telegram/text.json"))
    polling = asyncio.create_task(poll(channel, doors.accept, stop, pause_seconds=0.01))
    await asyncio.wait_for(peer.wait_until_confirmed(), 10)
    stop.set()
    await polling
    assert len(doors.inbound) == 1
