"""What a worker had typed when their session ended: kept sealed in their browser until they have signed in again.

Only what they write to or about a person; only for the same worker; for an hour. Knows no page.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from hub import sign_in
from hub.core import Hub
from hub.errors import BadSettings
from inbox.settings import WebSettings

COOKIE = "handrail_kept"
PAGE = "/sign-in/kept"
FOR = timedelta(hours=1)
LONGEST = 3500  # characters of a cookie; browsers keep 4096 with its name
ABOUT_PEOPLE = "/people/"


@dataclass(frozen=True, slots=True)
class Kept:
    """A form as it was sent, without its token."""

    path: str
    fields: Mapping[str, str]


async def seal(hub: Hub, session: AsyncSession, request: Request, token: str) -> str:
    """The value of the cookie; empty when there is nothing to keep."""
    owner = await sign_in.owner(session, token) if request.method == "POST" else None
    if owner is None or not request.url.path.startswith(ABOUT_PEOPLE):
        return ""
    form = await request.form()
    fields = {name: value for name, value in form.items() if isinstance(value, str) and name != "csrf"}
    kept = {"worker": owner, "path": request.url.path, "fields": fields, "at": hub.clock.now().isoformat()}
    sealed = base64.urlsafe_b64encode(hub.vault.master.seal(json.dumps(kept), "kept")).decode()
    return sealed if any(value.strip() for value in fields.values()) and len(sealed) <= LONGEST else ""


def unseal(hub: Hub, cookie: str, worker_id: int) -> Kept | None:
    """What this worker had typed; None for another's, and for what is too old or not ours."""
    try:
        kept = json.loads(hub.vault.master.open(base64.urlsafe_b64decode(cookie), "kept"))
    except (BadSettings, binascii.Error, ValueError):
        return None
    late = datetime.fromisoformat(kept["at"]) + FOR < hub.clock.now()
    return None if late or kept["worker"] != worker_id else Kept(kept["path"], kept["fields"])


def cookie_header(settings: WebSettings, value: str) -> str:
    """As a header: it goes out with a redirect that no page makes."""
    secure = "; Secure" if settings.secure_cookies else ""
    return f"{COOKIE}={value}; Max-Age={int(FOR.total_seconds())}; Path=/; HttpOnly; SameSite=lax{secure}"
