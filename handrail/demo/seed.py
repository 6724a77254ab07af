"""Fills an empty demo: the agency, its staff, the cast, and two weeks that really happen on a clock of their own."""

from datetime import UTC, datetime, time, timedelta
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handrail.demo import cast
from handrail.demo.cast import CAST, Character
from handrail.demo.earlier import Earlier
from handrail.demo.story import STORY, Moment
from handrail.driving import Driver
from hub import appointments, case_events, check_ins, conversations, escalations, no_contact, venue_codes
from hub.core import Hub
from hub.errors import NotFound
from hub.people import add_contact, conversation_for, create_person
from hub.ports import Media
from hub.states import EscalationState
from hub.store.tables import Agency, Appointment, Case, Conversation, Escalation, Line, Person, Team, Worker
from hub.surveys import inviting
from hub.threads import invitations, members, posts
from hub.threads.standing import thread_for, thread_of
from hub.times import at_local, local
from hub.words import AppointmentState, Relation, Role, Sees, Side, WorkerRole
from hub.working_time import is_working_day

ZONE = "Europe/London"
HISTORY = timedelta(days=14)
ARRIVAL = time(10, 5)  # just after the morning's reminders: the first is there when the page opens


def arrival(now: datetime) -> datetime:
    """When the visitor arrives, on the demo's own clock: the next working day at five past ten, never in the night."""
    day = local(now, ZONE).date()
    while not is_working_day(day, "ENG") or at_local(day, ARRIVAL, ZONE) < now - timedelta(hours=6):
        day += timedelta(days=1)
    return at_local(day, ARRIVAL, ZONE)


class Seed:
    """Plays the story on a hub whose clock stands at the story's beginning."""

    def __init__(self, hub: Hub, driver: Driver, today: datetime) -> None:
        self._hub, self._driver, self._today = hub, driver, today
        self._people: dict[str, int] = {}
        self._staff: dict[str, int] = {}
        self._handed_on = ""  # that a supporter was invited with last

    async def play(self) -> None:
        async with self._hub.store.transaction() as session:
            await self._open_the_agency(session)
            for character in (each for each in CAST if not each.comes_by_code):
                await self._meet(session, character)
            await self._earlier(session)
        for moment in sorted(STORY, key=lambda m: (m.day, m.at)):
            await self._driver.advance_to(self._when(moment.day, moment.at))
            await self._happen(moment)
            await self._driver.settle()
        await self._driver.advance_to(self._today)

    def _when(self, day: int, at: str) -> datetime:
        """Days of the story are calendar days, but a moment that falls on a weekend still happens."""
        date = local(self._today, ZONE).date() + timedelta(days=day)
        return at_local(date, time.fromisoformat(at), ZONE)

    # --- who there is -----------------------------------------------------------------------------

    async def _open_the_agency(self, session: AsyncSession) -> None:
        agency = Agency(name=cast.AGENCY, short_name=cast.SIGNED, phone=cast.PHONE)
        session.add(agency)
        await session.flush()
        for side, kind, address, name in cast.LINES:
            session.add(Line(agency_id=agency.id, side=side, channel=kind, address=address, name=name))
        teams: dict[str, int] = {}
        for staff in (*cast.STAFF, *cast.COLLEAGUES):
            if staff.team not in teams:
                team = Team(agency_id=agency.id, name=staff.team, side=staff.side)
                session.add(team)
                await session.flush()
                teams[staff.team] = team.id
            first = staff.name.split(" ")[0]
            worker = Worker(
                team_id=teams[staff.team],
                role=WorkerRole.WORKER,
                name=staff.name,
                first_name=first,
                email=staff.email,
            )
            session.add(worker)
            await session.flush()
            self._staff[first] = worker.id
        self._agency_id = agency.id

    async def _earlier(self, session: AsyncSession) -> None:
        """The weeks before the story, for the figures."""
        sides = {staff.side for staff in cast.COLLEAGUES}
        names = {side: [c.name.split(" ")[0] for c in cast.COLLEAGUES if c.side is side] for side in sides}
        workers = {side: [self._staff[name] for name in names[side]] for side in sides}
        await Earlier(self._hub, session, self._agency_id, workers, self._hub.clock.now()).fill()

    async def _meet(self, session: AsyncSession, who: Character) -> None:
        person = await create_person(
            self._hub,
            session,
            agency_id=self._agency_id,
            side=who.side,
            role=who.role,
            name=who.name,
            language=who.language,
            worker_id=self._staff[who.staff],
            external_ref=f"demo-{who.key}",
        )
        self._people[who.key] = person.id
        safe_by = f"phone:{self._staff[who.staff]}" if who.side is Side.VICTIMS else ""
        await add_contact(self._hub, session, person, who.channel, who.address, discreet=who.discreet, safe_by=safe_by)
        if who.role is not Role.SUPPORTER:
            session.add(
                Case(
                    agency_id=self._agency_id,
                    side=who.side,
                    person_id=person.id,
                    kind=who.kind,
                    reference=f"NS/{person.id:04}",
                    worker_id=person.worker_id,
                    opened_at=self._hub.clock.now(),
                )
            )
        for key in who.mentors:
            stood_by = await session.get_one(Person, self._people[key])
            thread = await thread_for(session, stood_by, self._hub.clock.now())
            await members.join(self._hub, session, thread, person, sees=Sees.DATES, relation=Relation.MENTOR)

    # --- what happens -----------------------------------------------------------------------------

    async def _happen(self, moment: Moment) -> None:
        who = next(c for c in CAST if c.key == moment.who)
        if moment.what in {"says", "gives_code", "sends_photo", "joins"}:
            await self._write(who, moment)
            return
        async with self._hub.store.transaction() as session:
            person = await session.get_one(Person, self._people[who.key])
            await getattr(self, f"_{moment.what}")(session, person, moment)

    async def _write(self, who: Character, moment: Moment) -> None:
        line = next(a for side, kind, a, _ in cast.LINES if side is who.side and kind is who.channel)
        text = moment.detail
        media: tuple[Media, ...] = ()
        if moment.what == "gives_code":
            text = await self._code(who)
        if moment.what == "joins":
            text = f"JOIN {self._handed_on}"
        if moment.what == "sends_photo":
            text, media = "", (Media(certificate(), "image/jpeg", "photo.jpg"),)
        await self._driver.simulator.text(who.address, line, text, channel=who.channel, media=media)

    async def _code(self, who: Character) -> str:
        async with self._hub.store.transaction() as session:
            found = await self._latest_appointment(session, self._people[who.key])
            return venue_codes.shown(self._hub, found, self._hub.clock.now())

    async def _appointment(self, session: AsyncSession, person: Person, moment: Moment) -> None:
        extra = moment.extra
        await appointments.schedule(
            self._hub,
            session,
            "hub",
            person=person,
            starts_at=self._when(extra.pop("on"), moment.detail),
            worker_id=person.worker_id,
            **extra,
        )

    async def _check_in(self, session: AsyncSession, person: Person, _moment: Moment) -> None:
        await check_ins.schedule(self._hub, session, person, self._hub.clock.now())

    async def _survey(self, session: AsyncSession, person: Person, moment: Moment) -> None:
        await inviting.invite(self._hub, session, f"worker:{person.worker_id}", person, moment.detail)

    async def _news(self, session: AsyncSession, person: Person, moment: Moment) -> None:
        case = (await session.scalars(select(Case).where(Case.person_id == person.id))).one()
        now = self._hub.clock.now()
        await case_events.record_event(
            self._hub, session, "hub", case, milestone=moment.detail, happened_at=now, **moment.extra
        )

    async def _invites(self, session: AsyncSession, person: Person, moment: Moment) -> None:
        """Their worker enters it while they speak; the code comes to the person's own phone."""
        extra: dict[str, Any] = {"sees": Sees.CHAT, "months": 6} | moment.extra
        wished = await invitations.wish(
            self._hub, session, person, f"worker:{person.worker_id}", name=moment.detail, agreed_how="spoken",
            worker_id=person.worker_id, **extra,
        )  # fmt: skip
        self._handed_on = wished.code or ""

    async def _no_contact(self, session: AsyncSession, person: Person, moment: Moment) -> None:
        worker_id = person.worker_id or 0
        await no_contact.add(self._hub, session, worker_id, person, name=moment.detail, **moment.extra)

    async def _writes_to_all(self, session: AsyncSession, person: Person, moment: Moment) -> None:
        worker, thread = await session.get_one(Worker, person.worker_id), await thread_of(session, person.id)
        if thread is None:
            raise NotFound("The story speaks to those around somebody who has nobody.")
        await posts.say(self._hub, session, worker, thread, moment.detail)

    async def _outcome(self, session: AsyncSession, person: Person, moment: Moment) -> None:
        found = await self._latest_appointment(session, person.id)
        await appointments.set_outcome(
            self._hub, session, f"worker:{person.worker_id}", found, AppointmentState(moment.detail)
        )

    async def _reply(self, session: AsyncSession, person: Person, moment: Moment) -> None:
        worker, conversation = await self._worker_and_conversation(session, person)
        await conversations.worker_reply(self._hub, session, worker, conversation, moment.detail)

    async def _hand_back(self, session: AsyncSession, person: Person, _moment: Moment) -> None:
        worker, conversation = await self._worker_and_conversation(session, person)
        await conversations.hand_back(self._hub, session, worker, conversation)

    async def _close(self, session: AsyncSession, person: Person, moment: Moment) -> None:
        worker, conversation = await self._worker_and_conversation(session, person)
        now = self._hub.clock.now()
        still_open = select(Escalation).where(
            Escalation.conversation_id == conversation.id, Escalation.state != EscalationState.CLOSED
        )
        for escalation in (await session.scalars(still_open)).all():
            await escalations.close(session, escalation, worker.id, moment.detail, now)
        await conversations.set_unread(session, conversation, unread=False)

    async def _worker_and_conversation(self, session: AsyncSession, person: Person) -> tuple[Worker, Conversation]:
        conversation = await conversation_for(session, person)
        if conversation is None:
            raise NotFound("The story speaks with somebody who cannot be reached.")
        return await session.get_one(Worker, person.worker_id or 0), conversation

    async def _latest_appointment(self, session: AsyncSession, person_id: int) -> Appointment:
        wanted = (
            select(Appointment)
            .where(
                Appointment.person_id == person_id,
                Appointment.starts_at <= self._hub.clock.now() + timedelta(hours=1),
            )
            .order_by(Appointment.starts_at.desc())
            .limit(1)
        )
        return (await session.scalars(wanted)).one()


def certificate() -> bytes:
    """A picture of an invented certificate, made here."""
    image = Image.new("RGB", (640, 440), "#fdf8e8")
    draw = ImageDraw.Draw(image)
    draw.rectangle((12, 12, 628, 428), outline="#7a5c1e", width=6)
    for height, words in (
        (90, "Certificate of attendance"),
        (190, "Safer driving course"),
        (290, "Leisure centre, Mill Rd"),
    ):
        draw.text((320, height), words, fill="#333333", anchor="mm", font_size=34)
    content = BytesIO()
    image.save(content, "JPEG", quality=85)
    return content.getvalue()


def beginning(today: datetime) -> datetime:
    return (today - HISTORY).astimezone(UTC)
