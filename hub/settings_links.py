"""The link to a person's own settings, and the one-time code before what is personal. Knows no page.

The link goes to the address that it is about and is the key to its settings. What we hold and what was written is shown
only after a code that was sent there at that moment (GOV.UK: five digits, 15 minutes, spaces do not matter).
"""

import base64
import hmac
import secrets
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from hub.consent import window
from hub.core import Hub
from hub.errors import LinkDoesNotWork, NotAllowed
from hub.handling import Handling
from hub.prompts import open_prompt
from hub.safe_contact import forbidden, is_careful
from hub.store import audit
from hub.store.refs import hash_token
from hub.store.tables import Conversation, SettingsLink, Worker
from hub.times import in_window
from hub.words import Priority, Purpose

LASTS = timedelta(days=7)  # the text that carries it says so
CODE_LASTS = timedelta(minutes=15)
DIGITS = 5
TOKEN_LETTERS = 20  # 120 bits
MOST_WRONG = 5  # of one code
MOST_CODES = 5  # of one link: 25 guesses among 100,000


class Sent(StrEnum):
    YES = "yes"
    NOT_NOW = "not_now"  # outside the hours that the person chose
    TOO_MANY = "too_many"
    NO_WAY = "no_way"  # texts are stopped, or the address does not work


class Checked(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    SPENT = "spent"  # too old, tried too often, or used: a new one is needed


async def make(hub: Hub, session: AsyncSession, conversation: Conversation) -> str:
    """The address of a new link to the settings of this conversation's person. It is kept nowhere."""
    token, now = secrets.token_urlsafe(15), hub.clock.now()
    link = SettingsLink(
        token_hash=hash_token(token), conversation_id=conversation.id, created_at=now, expires_at=now + LASTS
    )
    session.add(link)
    await session.flush()
    return f"{hub.public_url}/me/{token}"


async def of_today(hub: Hub, session: AsyncSession, conversation: Conversation) -> str:
    """The token of a link that is the same for a day, so that a text that is said again says the same."""
    now = hub.clock.now()
    mark = hub.vault.keyed("link of a day", f"{conversation.id} {conversation.contact_point_id} {now:%Y-%m-%d}")
    token = base64.urlsafe_b64encode(mark).decode()[:TOKEN_LETTERS]
    values = {"token_hash": hash_token(token), "conversation_id": conversation.id, "created_at": now}
    made = insert(SettingsLink).values(**values, expires_at=now + LASTS, codes_sent=0, wrong_codes=0)
    await session.execute(made.on_conflict_do_nothing())
    return token


async def send(hub: Hub, session: AsyncSession, worker: Worker, conversation: Conversation) -> None:
    """A worker sends a person the link. Raises `NotAllowed` where no link may go."""
    contact = conversation.contact_point
    if is_careful(contact):
        raise NotAllowed("Others may read this phone, so no link goes there. Talk it through with them instead.")
    if forbidden(contact):
        raise NotAllowed("Nothing goes to this address. Speak with them another way first.")
    if contact.stopped_at:
        raise NotAllowed("They have stopped our texts.")
    link = await make(hub, session, conversation)
    actor, subject = f"worker:{worker.id}", f"conversation:{conversation.id}"
    audit.record(session, hub.clock.now(), actor, "settings_link_sent", subject, person_id=conversation.person_id)
    handling = await handling_of(hub, session, conversation)
    await handling.say("person.settings_link", link=link)


async def find(hub: Hub, session: AsyncSession, token: str, *, lock: bool = False) -> SettingsLink:
    """Raises `LinkDoesNotWork`: for one that never was as for one that has ended, so that nothing is learned."""
    wanted = select(SettingsLink).where(SettingsLink.token_hash == hash_token(token))
    link: SettingsLink | None = await session.scalar(wanted.with_for_update(of=SettingsLink) if lock else wanted)
    if link is None or link.expires_at <= hub.clock.now() or link.conversation.person.wrapped_key is None:
        raise LinkDoesNotWork
    return link


async def end_all(session: AsyncSession, conversation_id: int) -> None:
    await session.execute(delete(SettingsLink).where(SettingsLink.conversation_id == conversation_id))


async def forget_ended(hub: Hub, session: AsyncSession) -> None:
    await session.execute(delete(SettingsLink).where(SettingsLink.expires_at <= hub.clock.now()))


async def handling_of(hub: Hub, session: AsyncSession, conversation: Conversation) -> Handling:
    """What the person does on a page, as if they had said it in this conversation."""
    now = hub.clock.now()
    prompt = await open_prompt(session, conversation.id, now)
    return Handling(hub, session, conversation, None, "", prompt, now, on_a_page=True)


async def send_code(hub: Hub, session: AsyncSession, link: SettingsLink) -> Sent:
    """Send a new code to the link's own address; the one before counts no more."""
    contact, now = link.conversation.contact_point, hub.clock.now()
    if contact.stopped_at or contact.refused_code:
        return Sent.NO_WAY
    if contact.safe_from and not _is_safe_now(hub, link):
        return Sent.NOT_NOW
    if link.codes_sent >= MOST_CODES:
        return Sent.TOO_MANY
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    link.code_index, link.code_until = _index(hub, link, code), now + CODE_LASTS
    link.codes_sent, link.wrong_codes = link.codes_sent + 1, 0
    handling = await handling_of(hub, session, link.conversation)
    handling.record("settings_code_sent", f"conversation:{link.conversation_id}")
    # Asked for at this moment: it goes out at any hour that the person has not ruled out.
    await handling.say(
        "person.settings_code",
        code=code,
        purpose=Purpose.SAFETY,
        priority=Priority.URGENT,
        expires_at=link.code_until,
    )
    return Sent.YES


def check_code(hub: Hub, link: SettingsLink, typed: str) -> Checked:
    """A right code counts once. To be asked with the link locked: a wrong one is counted."""
    if link.code_index is None or link.code_until is None or link.code_until <= hub.clock.now():
        return Checked.SPENT
    if link.wrong_codes >= MOST_WRONG:
        return Checked.SPENT
    if hmac.compare_digest(link.code_index, _index(hub, link, "".join(typed.split()))):
        link.code_index = None
        return Checked.RIGHT
    link.wrong_codes += 1
    return Checked.WRONG if link.wrong_codes < MOST_WRONG else Checked.SPENT


def make_pass(hub: Hub, link: SettingsLink) -> str:
    """For the pages behind a right code: goes with their forms, and ends when the code would have."""
    until = int((hub.clock.now() + CODE_LASTS).timestamp())
    return f"{until}-{_pass(hub, link, until)}"


def is_pass(hub: Hub, link: SettingsLink, typed: str) -> bool:
    until, _, mark = typed.partition("-")
    if not (until.isascii() and until.isdigit()) or int(until) <= hub.clock.now().timestamp():
        return False
    return hmac.compare_digest(mark, _pass(hub, link, int(until)))


def _pass(hub: Hub, link: SettingsLink, until: int) -> str:
    return base64.urlsafe_b64encode(hub.vault.keyed("pass", f"{link.token_hash.hex()} {until}")).decode().rstrip("=")


def _is_safe_now(hub: Hub, link: SettingsLink) -> bool:
    person = link.conversation.person
    start, end = window(link.conversation.contact_point, person.agency)
    return in_window(hub.clock.now(), start, end, person.time_zone or person.agency.time_zone)


def _index(hub: Hub, link: SettingsLink, code: str) -> bytes:
    return hub.vault.index(link.conversation.side, "settings_code", f"{link.token_hash.hex()} {code}")
