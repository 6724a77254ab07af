"""What Twilio's messaging API says: resources, lists, errors. Knows nothing of servers or faults."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

from starlette.responses import JSONResponse, Response

ACCOUNT_SID = "AC" + "5a" * 16
AUTH_TOKEN = "the-auth-token-of-the-local-carrier"
ROOT = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages"


def resource(form: Mapping[str, str], direction: str, status: str, now: datetime) -> dict[str, Any]:
    """A message as Twilio's API shows it, from the parameters that it came with."""
    at = format_datetime(now)
    return {
        "sid": form["MessageSid"],
        "account_sid": ACCOUNT_SID,
        "api_version": "2010-04-01",
        "from": form["From"],
        "to": form["To"],
        "body": form.get("Body", ""),
        "direction": direction,
        "status": status,
        "date_created": at,
        "date_sent": at,
        "date_updated": at,
        "num_media": form.get("NumMedia", "0"),
        "num_segments": "1",
        "error_code": None,
        "error_message": None,
        "messaging_service_sid": None,
        "price": None,
        "price_unit": "GBP",
        "subresource_uris": {"media": f"{ROOT}/{form['MessageSid']}/Media.json"},
        "uri": f"{ROOT}/{form['MessageSid']}.json",
    }


def listing(messages: Sequence[dict[str, Any]], asked: Mapping[str, str]) -> dict[str, Any]:
    """One page of the messages that fit, newest first, with the way to the next."""
    size, page = int(asked.get("PageSize", 50)), int(asked.get("Page", 0))
    found = [message for message in reversed(messages) if _fits(message, asked)]
    following = urlencode(dict(asked) | {"PageSize": size, "Page": page + 1, "PageToken": f"PA{page + 1}"})
    return {
        "messages": found[page * size : (page + 1) * size],
        "page": page,
        "page_size": size,
        "start": page * size,
        "end": min((page + 1) * size, len(found)),
        "uri": f"{ROOT}.json",
        "first_page_uri": f"{ROOT}.json?PageSize={size}&Page=0",
        "previous_page_uri": None,
        "next_page_uri": f"{ROOT}.json?{following}" if len(found) > (page + 1) * size else None,
    }


def _fits(message: Mapping[str, Any], asked: Mapping[str, str]) -> bool:
    """To and From exactly; dates by the day, which is all that Twilio promises."""
    if any(asked.get(name, message[key]) != message[key] for name, key in (("To", "to"), ("From", "from"))):
        return False
    earliest = asked.get("DateSent>")
    if not earliest:
        return True
    if not message["date_sent"]:
        return False
    sent = datetime.strptime(message["date_sent"], "%a, %d %b %Y %H:%M:%S %z")
    return sent.date() >= datetime.fromisoformat(earliest).date()


def refusal(status: int, code: int, headers: dict[str, str] | None = None) -> Response:
    """An error as Twilio words it: the HTTP status and its own code."""
    said = {"status": status, "code": code, "message": f"Refused with {code}.", "more_info": ""}
    return JSONResponse(said, status_code=status, headers=headers)
