"""A text or a receipt as bytes for the disk, and back. Knows neither the disk nor what is done with it."""

import json
from base64 import b64decode, b64encode
from dataclasses import asdict
from datetime import datetime
from typing import Any

from hub.errors import BadSettings
from hub.ports import Inbound, Media, Receipt
from hub.words import ChannelKind

TEXT, CRISIS, RECEIPT = "text", "crisis", "receipt"
Letter = Inbound | Receipt


def sender_of(letter: Letter) -> str:
    """What must stay in order among itself: the texts of one sender, the receipts of one message."""
    if isinstance(letter, Receipt):
        return f"receipt {letter.provider_message_id}"
    return f"{letter.channel} {letter.sender}"


def write(letter: Letter) -> bytes:
    facts = asdict(letter)
    if isinstance(letter, Inbound):
        facts["received_at"] = letter.received_at.isoformat()
        facts["sent_at"] = letter.sent_at.isoformat() if letter.sent_at else None
        facts["media"] = [_media_facts(media) for media in letter.media]
    return json.dumps({"is": type(letter).__name__} | facts).encode()


def read(content: bytes) -> Letter:
    """Raises `BadSettings` when it is no letter: damaged, or of a version that had other parts."""
    try:
        facts = json.loads(content)
        return Receipt(**facts) if facts.pop("is") == "Receipt" else _inbound(facts)
    except (ValueError, TypeError, KeyError, AttributeError) as wrong:
        raise BadSettings("A file of the spool is not of this version.") from wrong


def _inbound(facts: dict[str, Any]) -> Inbound:
    parts: dict[str, Any] = {
        "channel": ChannelKind(facts["channel"]),
        "received_at": datetime.fromisoformat(facts["received_at"]),
        "sent_at": datetime.fromisoformat(facts["sent_at"]) if facts.get("sent_at") else None,
        "media": tuple(_media(media) for media in facts["media"]),
    }
    return Inbound(**facts | parts)


def _media_facts(media: Media) -> dict[str, str]:
    return asdict(media) | {"content": b64encode(media.content).decode()}


def _media(facts: dict[str, str]) -> Media:
    return Media(b64decode(facts["content"]), facts["declared_type"], facts["name"], facts["refused"])
