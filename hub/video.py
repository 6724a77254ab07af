"""Appointments by video: the address that the worker enters, the person's own link to it, and that they joined.

The link is the person's alone, so who follows it has come. It is made from the appointment and our master key and kept
nowhere. Knows no page.
"""

import base64
import hmac
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import proof_giving, proofs
from hub.core import Hub
from hub.errors import LinkDoesNotWork, NotAllowed
from hub.handling import Handling
from hub.nudges.planner import replan
from hub.speaking import speak_to
from hub.states import ProofState
from hub.store import audit
from hub.store.tables import Appointment, Person, Worker
from hub.words import AppointmentState, Purpose

COUNTS_FROM = timedelta(minutes=15)  # before it starts; earlier is trying out the link
LONGEST_ADDRESS = 500
_MARK = 12  # characters of a blind index: 72 bits that nobody guesses


@dataclass(frozen=True, slots=True)
class Meeting:
    appointment: Appointment
    person: Person
    address: str
    counts: bool  # joining now is coming


def read_address(words: str) -> str:
    """The address of a meeting as it was entered.

    Raises
    ------
    NotAllowed
        unless it is an https address of a named host, without a name and password in it.
    """
    address = words.strip()
    parts = urlsplit(address)
    fine = parts.scheme == "https" and "." in (parts.hostname or "") and "@" not in parts.netloc
    if not fine or len(address) > LONGEST_ADDRESS or not address.isprintable() or " " in address:
        raise NotAllowed("Enter the whole address of the call, beginning with https://")
    return address


async def set_meeting(hub: Hub, session: AsyncSession, worker: Worker, appointment: Appointment, address: str) -> None:
    """Say where the call is held; empty takes it away. The person gets their own link in time. Raises `NotAllowed`."""
    key = hub.vault.open_person_key(appointment.person.wrapped_key or b"")
    appointment.meeting_sealed = key.seal(read_address(address), "meeting") if address.strip() else None
    subject, now = f"appointment:{appointment.id}", hub.clock.now()
    audit.record(session, now, f"worker:{worker.id}", "meeting_set", subject, person_id=appointment.person_id)
    await session.flush()
    await replan(hub, session, "appointment", appointment.id)


def link(hub: Hub, appointment: Appointment) -> str:
    """The person's own."""
    return f"{hub.public_url}/join/{appointment.ref}-{_mark(hub, appointment.ref)}"


def facts(handling: Handling, appointment: Appointment) -> dict[str, str]:
    """Of the text that carries the link."""
    return {"link": link(handling.hub, appointment), "at": handling.appointment_facts(appointment)["when"]}


async def find(hub: Hub, session: AsyncSession, token: str, *, lock: bool = False) -> Meeting:
    """Raises `LinkDoesNotWork`: for one that never was as for a call that is called off."""
    ref, _, mark = token.partition("-")
    if not hmac.compare_digest(mark.encode(), _mark(hub, ref).encode()):
        raise LinkDoesNotWork
    wanted = select(Appointment).where(Appointment.ref == ref)
    found = await session.scalar(wanted.with_for_update(of=Appointment) if lock else wanted)
    if found is None or found.meeting_sealed is None or found.state is AppointmentState.CANCELLED:
        raise LinkDoesNotWork
    if found.person.wrapped_key is None:
        raise LinkDoesNotWork
    address = hub.vault.open_person_key(found.person.wrapped_key).open(found.meeting_sealed, "meeting")
    now, ends = hub.clock.now(), found.starts_at + timedelta(minutes=found.minutes)
    return Meeting(found, found.person, address, found.starts_at - COUNTS_FROM <= now <= ends)


async def join(hub: Hub, session: AsyncSession, token: str) -> Meeting:
    """They join: where that counts, it is their proof. Raises `LinkDoesNotWork`."""
    meeting = await find(hub, session, token, lock=True)
    handling = await speak_to(hub, session, meeting.person, Purpose.REPLY) if meeting.counts else None
    if handling:
        handling.on_a_page = True
        proof = await proofs.ask(hub, session, meeting.appointment)
        if proof.state is not ProofState.ACCEPTED:
            after = round((hub.clock.now() - meeting.appointment.starts_at).total_seconds() / 60)
            await proof_giving.accept_by_itself(
                handling, proof, "video", "attendance.video_joined", minutes_after_start=after
            )
    return meeting


def _mark(hub: Hub, ref: str) -> str:
    return base64.urlsafe_b64encode(hub.vault.keyed("join", ref)).decode().replace("-", "_")[:_MARK]
