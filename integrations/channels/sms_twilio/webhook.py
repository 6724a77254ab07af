"""Twilio's webhooks: is it really Twilio, and what does it say, in the hub's words.

The functions are pure; `router` is the thin part that speaks HTTP.
Must not know what the hub does with a text.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator

from hub.errors import BadSettings, StoreUnavailable
from hub.ports import Inbound, Receipt
from hub.words import ChannelKind
from integrations.channels.read_limited import BodyTooLarge, read_limited
from integrations.channels.sms_twilio.channel import TwilioSms
from integrations.channels.sms_twilio.codes import STATUSES, code_of

Form = ImmutableMultiDict[str, str]
Accept = Callable[[Inbound], Awaitable[object]]
RecordReceipt = Callable[[Receipt], Awaitable[object]]

INBOUND_PATH = "/webhooks/sms"
STATUS_PATH = "/webhooks/sms/status"
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'  # "received, and I have nothing to say"
MAX_MEDIA = 10  # Twilio's own limit for one message


class Forged(Exception):
    """The signature is missing or does not fit."""


class Malformed(Exception):
    """Signed, but not a message."""


def read_form(content_type: str, body: bytes) -> Form:
    """The parameters of a form or of a flat JSON object. Raises `Malformed`."""
    try:
        text = body.decode()
        if not content_type.startswith("application/json"):
            return ImmutableMultiDict(parse_qsl(text, keep_blank_values=True))
        return ImmutableMultiDict({key: str(value) for key, value in json.loads(text).items()})
    except (ValueError, AttributeError):
        raise Malformed from None


def read_signed(auth_token: str, public_url: str, content_type: str, body: bytes, signature: str) -> Form:
    """The parameters. Raises `Forged` unless Twilio signed this very request to `public_url`, query string included.

    A form is signed with all its parameters, unknown ones too; a JSON body by its hash `bodySHA256` in the
    query (https://www.twilio.com/docs/usage/webhooks/webhooks-security). The SDK compares in constant time.
    """
    as_json = content_type.startswith("application/json")
    if not signature or (as_json and "bodySHA256=" not in public_url):
        raise Forged
    try:
        signed: str | Form = body.decode() if as_json else read_form(content_type, body)
    except (ValueError, Malformed):
        raise Forged from None
    if not RequestValidator(auth_token).validate(public_url, signed, signature):
        raise Forged
    return read_form(content_type, body) if isinstance(signed, str) else signed


def to_inbound(form: Mapping[str, str], received_at: datetime) -> Inbound:
    """The text as it came, untouched; its media are fetched apart. Raises `Malformed`."""
    try:
        return Inbound(
            line_address=form["To"],
            channel=ChannelKind.SMS,
            sender=form["From"],
            provider_message_id=form["MessageSid"],
            text=form.get("Body", ""),
            received_at=received_at,
            provider_keyword=form.get("OptOutType", "").upper(),
        )
    except KeyError:
        raise Malformed from None


def media_links(form: Mapping[str, str]) -> list[tuple[str, str]]:
    """URL and declared type of each photo or file."""
    count = form.get("NumMedia", "0")
    wanted = range(min(int(count), MAX_MEDIA) if count.isdecimal() else 0)
    return [(form[f"MediaUrl{n}"], form.get(f"MediaContentType{n}", "")) for n in wanted if f"MediaUrl{n}" in form]


def to_receipt(form: Mapping[str, str]) -> Receipt | None:
    """None for a status on the way that tells a person nothing, and for one that we do not know."""
    status = STATUSES.get(form.get("MessageStatus", ""))
    sid = form.get("MessageSid", "")
    if status is None or not sid:
        return None
    number = form.get("ErrorCode", "")
    return Receipt(sid, status, code=number, meaning=code_of(number).meaning if number else "")


def router(twilio: TwilioSms, accept: Accept, record_receipt: RecordReceipt) -> APIRouter:
    """`POST /webhooks/sms` and `/webhooks/sms/status`. Forged → 403, nothing is called; database gone → 503.

    What Twilio signed is the public address, which a request that came through a proxy no longer shows: it is
    taken from the channel's status callback. Raises `BadSettings` when that is not one of ours.
    """
    public_base_url = twilio.status_callback_url.removesuffix(STATUS_PATH)
    if public_base_url == twilio.status_callback_url:
        raise BadSettings(f"Twilio's status callback must end in {STATUS_PATH}.")
    routes = APIRouter(include_in_schema=False)

    async def form_of(request: Request) -> Form:
        body = await read_limited(request)
        content_type = request.headers.get("content-type", "")
        query = f"?{request.url.query}" if request.url.query else ""
        public_url = public_base_url + request.url.path + query
        signature = request.headers.get("x-twilio-signature", "")
        return read_signed(twilio.auth_token, public_url, content_type, body, signature)

    async def inbound(request: Request) -> Response:
        form = await form_of(request)
        text = to_inbound(form, twilio.clock.now())
        await accept(replace(text, media=await twilio.media.fetch_all(media_links(form))))
        return Response(EMPTY_TWIML, media_type="text/xml")

    async def status(request: Request) -> Response:
        receipt = to_receipt(await form_of(request))
        if receipt is not None:
            await record_receipt(receipt)
        return Response(status_code=204)

    routes.post(INBOUND_PATH)(_answering_errors(inbound))
    routes.post(STATUS_PATH)(_answering_errors(status))
    return routes


def _answering_errors(
    handler: Callable[[Request], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        try:
            return await handler(request)
        except Forged:
            return Response(status_code=403)
        except Malformed:
            return Response(status_code=400)
        except BodyTooLarge:
            return Response(status_code=413)
        except StoreUnavailable:
            return Response(status_code=503)

    return handle
