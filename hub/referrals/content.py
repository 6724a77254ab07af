"""Opening and sealing what was said: under the referral's own key, and once accepted under the young person's."""

import json
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from hub.core import Hub
from hub.errors import NotFound
from hub.referrals.said import Said
from hub.store.tables import Person, Referral
from hub.store.vault import Key

KIND = "referral"  # what it is sealed as


@dataclass(frozen=True, slots=True)
class Content:
    """`words`: a worker's, for the referrer. `alone`: why a worker found that they can decide without a guardian."""

    said: Said
    words: str = ""
    alone: str = ""


def seal(hub: Hub, referral: Referral, content: Content) -> None:
    """Of one that is still open or has just ended."""
    if referral.wrapped_key is None:
        raise NotFound("(referral)")
    referral.content_sealed = _sealed(hub.vault.open_person_key(referral.wrapped_key), content)


async def hand_to(hub: Hub, referral: Referral, person: Person, content: Content) -> None:
    """From now on it is this person's: their key opens it, and goes with them."""
    referral.kept_sealed = _sealed(hub.vault.open_person_key(person.wrapped_key or b""), content)
    referral.content_sealed = referral.wrapped_key = None


async def read(hub: Hub, session: AsyncSession, referral: Referral) -> Content | None:
    """None when nothing can be read any more."""
    if referral.wrapped_key and referral.content_sealed:
        return _opened(hub.vault.open_person_key(referral.wrapped_key), referral.content_sealed)
    person = await session.get(Person, referral.young_id) if referral.kept_sealed else None
    if person is None or person.wrapped_key is None or referral.kept_sealed is None:
        return None
    return _opened(hub.vault.open_person_key(person.wrapped_key), referral.kept_sealed)


async def need(hub: Hub, session: AsyncSession, referral: Referral) -> Content:
    """Raises `NotFound` when it has been emptied."""
    found = await read(hub, session, referral)
    if found is None:
        raise NotFound("(referral)")
    return found


async def add_words(hub: Hub, session: AsyncSession, referral: Referral, words: str) -> None:
    """For the referrer."""
    seal(hub, referral, replace(await need(hub, session, referral), words=words))


async def add_alone(hub: Hub, session: AsyncSession, referral: Referral, why: str) -> None:
    seal(hub, referral, replace(await need(hub, session, referral), alone=why))


def _sealed(key: Key, content: Content) -> bytes:
    written = {"said": content.said.to_json(), "words": content.words, "alone": content.alone}
    return key.seal(json.dumps(written), KIND)


def _opened(key: Key, sealed: bytes) -> Content:
    known = json.loads(key.open(sealed, KIND))
    return Content(Said.from_json(known["said"]), known["words"], known["alone"])
