"""Referring a young person through the API: the same questions, rules and sentences as the form for teachers.

Must not know whom it is asked about: the hub decides that. GET gives how far it is, and nothing that was said.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from hub.errors import NotFound
from hub.referrals import doors, receipt
from hub.referrals.receipt import Status
from hub.referrals.said import Said, check
from hub.store.tables import ReferralDoor
from hub.times import local
from hub.words import Side
from inbox.api.asked import Asked, AskedBy
from inbox.api.problems import FieldProblems, Problem, ProblemRoute
from inbox.api.shapes import Given
from inbox.wording import wording

routes = APIRouter(route_class=ProblemRoute, tags=["Referrals"])

# Whatever is wrong with them is said by the same rules as in the form, so they are taken as they come.
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
SAFE = "Is it safe to text them? yes, careful (others may read it), no or unknown. Only after yes or careful we do."


class Referrer(Given):
    name: Words = Field("", examples=["Ada Teacher"])
    role: Words = Field("", examples=["teacher"], description="teacher, youth_worker, social_worker, health, …")
    organisation: Words = Field("", examples=["Northshire School"])
    email: Words = Field("", examples=["ada@school.example"])
    phone: Words = Field("", examples=["0300 000 0100"])


class YoungPerson(Given):
    name: Words = Field("", examples=["Jo Marsh"])
    born: Words = Field("", examples=["2011-03-27"])
    told: Words = Field("", description="yes: they know that you refer them. Nobody is taken who does not.")
    mobile: Words = Field("", examples=["07700 900123"])
    safe_to_text: Words = Field("", examples=["yes"], description=SAFE)
    language: Words = Field("en", examples=["en", "cy"])


class Guardian(Given):
    """Of somebody under 16: they are asked first."""

    name: Words = Field("", examples=["Kim Marsh"])
    relation: Words = Field("", examples=["parent"], description="parent, family, carer, council or other.")
    mobile: Words = Field("", examples=["07700 900124"])
    safe_to_text: Words = Field("", examples=["yes"], description=SAFE)
    told: Words = Field("", description="yes, or risk: telling them would put the child at risk. Then we send nothing.")


class NewReferral(Given):
    referrer: Referrer
    young_person: YoungPerson
    guardian: Guardian | None = None
    why: list[Words] = Field([], max_length=20, examples=[["school", "friends"]])
    why_words: Words = Field("", description="At most 300 characters. Not what anybody is said to have done.")
    good_at: Words = ""
    safety: Words = Field("", description="What we must know before we call or visit.")


class ReferralShown(BaseModel):
    """How far it is. Nobody is told who said what."""

    ref: str = Field(examples=["H4T9MZ3B"])
    status: Status


@routes.post("/referrals", status_code=201, response_model=ReferralShown)
async def refer_a_young_person(new: NewReferral, asked: Asked) -> JSONResponse:
    """Refer a young person to diversion. Those whose yes is needed at their age are asked, where that is safe."""

    async def make(session: AsyncSession) -> ReferralShown:
        door = await _door(session, asked)
        said = _said(asked, door, new)
        taken = await receipt.take(asked.hub, session, door.agency, said, asked.key_id)
        return ReferralShown(ref=taken.referral.ref, status=receipt.status_of(taken.referral))

    return await asked.once(201, make)


@routes.get("/referrals/{ref}", response_model=ReferralShown)
async def show_a_referral(ref: str, asked: Asked) -> ReferralShown:
    """How far it is: received, waiting, with_worker or closed."""
    async with asked.reading() as session:
        await _door(session, asked)
        referral = await receipt.by_ref(session, asked.agency_id, ref)
        asked.audit(session, "referral_status_read", f"referral:{referral.id}")
        return ReferralShown(ref=referral.ref, status=receipt.status_of(referral))


@routes.post("/referrals/{ref}/withdraw", response_model=ReferralShown)
async def take_it_back(ref: str, asked: Asked) -> JSONResponse:
    """Nothing more is sent to anybody about it."""

    async def make(session: AsyncSession) -> ReferralShown:
        await _door(session, asked)
        referral = await receipt.by_ref(session, asked.agency_id, ref, lock=True)
        await receipt.withdraw(asked.hub, session, referral, asked.actor)
        return ReferralShown(ref=referral.ref, status=receipt.status_of(referral))

    return await asked.once(200, make)


async def _door(session: AsyncSession, asked: AskedBy) -> ReferralDoor:
    """Raises `Problem` where the agency takes none, and `NotFound` for a key of the other side."""
    if asked.side is not Side.SUPERVISION:
        raise NotFound("(referral)")
    door = await doors.of_agency(session, asked.agency_id)
    if door is None or not door.is_open:
        raise Problem(409, "no_referrals", "Your agency takes no referrals now. An administrator can open them.")
    return door


# Where each field of the form stands here.
_FIELDS: Mapping[str, str] = {
    "referrer_name": "referrer.name",
    "referrer_role": "referrer.role",
    "organisation": "referrer.organisation",
    "email": "referrer.email",
    "referrer_phone": "referrer.phone",
    "young_name": "young_person.name",
    "born": "young_person.born",
    "told": "young_person.told",
    "young_phone": "young_person.mobile",
    "young_safe": "young_person.safe_to_text",
    "language": "young_person.language",
    "guardian_name": "guardian.name",
    "guardian_relation": "guardian.relation",
    "guardian_phone": "guardian.mobile",
    "guardian_safe": "guardian.safe_to_text",
    "guardian_told": "guardian.told",
}


def _said(asked: AskedBy, door: ReferralDoor, new: NewReferral) -> Said:
    """Raises `FieldProblems`, in the sentences of the form."""
    typed = _typed(new)
    today: date = local(asked.hub.clock.now(), door.agency.time_zone).date()
    said, errors = check(typed, today, adults=door.adults, fictional=asked.fictional)
    if said is None:
        words = wording("en")
        raise FieldProblems(
            [(f"body.{_FIELDS.get(name, name)}", words[f"refer_error_{code}"]) for name, code in errors.items()]
        )
    return said


def _typed(new: NewReferral) -> dict[str, str]:
    sent = new.model_dump()
    found = {"why": ",".join(new.why), "why_words": new.why_words, "good_at": new.good_at, "safety": new.safety}
    for name, place in _FIELDS.items():
        part, field = place.split(".")
        found[name] = (sent[part] or {}).get(field, "")
    return found
