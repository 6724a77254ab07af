"""Replays a transcript: a readable conversation of `tests/transcripts/<topic>/*.yml` against the whole hub.

The carrier is the simulator on a line of the channel asked for; everything else is real. `docs/how-to/transcripts.md`
tells the format.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import appointments, case_events, conditions, upload_links
from hub.places import PLACE_TYPE
from hub.ports import Inbound, Media
from hub.reading.stream import items_of
from hub.receive import accept
from hub.states import Direction, EscalationState, NudgeState
from hub.store.tables import (
    Appointment,
    Case,
    Escalation,
    Message,
    Nudge,
    Person,
    TurnRecord,
)
from hub.texts import BEFORE, THEN
from hub.threads import members
from hub.times import at_local, local
from hub.words import ChannelKind, Role, Sees, Side
from hub.yaml_file import read_yaml
from tests.transcripts import props, scenes
from tests.transcripts.props import ADDRESSES, photo
from tests.transcripts.proving import code_of
from tests.transcripts.safe_contacts import heard_elsewhere
from tests.transcripts.safe_scenes import contact_heard
from tests.transcripts.speaking import hear, voice
from tests.transcripts.standing_scenes import alex_heard
from tests.transcripts.states import state
from tests.transcripts.thread_scenes import Circle, check_heard, check_reasons, give_thread, writes
from tests.world import LINES, World

ZONE = "Europe/London"
OTHER_PERSON = "+447700900202"  # the one whom a supporter stands by


def read(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(file)
    return content


@dataclass
class Replay:
    """One run of one transcript on one channel."""

    world: World
    transcript: dict[str, Any]
    channel: ChannelKind
    assistant_on: bool
    person_id: int = 0
    conversation_id: int = 0
    appointment_id: int | None = None
    case_id: int | None = None
    seen_out: int = 0
    seen_turns: int = 0
    subjects: list[tuple[str, int]] = field(default_factory=list)
    conversation_ids: list[int] = field(default_factory=list)  # with the one on another channel of theirs, if there is
    circle: Circle = field(default_factory=Circle)
    others: dict[str, int] = field(default_factory=dict)  # further appointments, of theirs or of others, by name

    @property
    def role(self) -> Role:
        return Role(self.transcript.get("who", "supervised"))

    @property
    def side(self) -> Side:
        return Side.VICTIMS if self.role is Role.VICTIM else Side.SUPERVISION

    @property
    def address(self) -> str:
        return ADDRESSES[self.channel]

    async def run(self) -> None:
        async with self.world.hub.store.transaction() as session:
            await self._set_the_scene(session)
        for number, step in enumerate(self.transcript["talk"], 1):
            off = step.get("off") if not self.assistant_on else None
            await self._act(step)
            await self._check(number, {**step, **(off or {})}, degraded=off is not None)
            if off is not None:
                return

    # --- what is so before anybody speaks ---------------------------------------------------------

    async def _set_the_scene(self, session: AsyncSession) -> None:
        given = self.transcript.get("given") or {}
        person, conversation = await self.world.person(
            session,
            role=self.role,
            channel=self.channel,
            address=self.address,
            language=self.transcript.get("language", "en"),
            discreet=given.get("discreet", False),
            safe=given.get("safe", True),
            safe_by=given.get("safe_by", "in_person"),
        )
        self.person_id, self.conversation_id = person.id, conversation.id
        self.conversation_ids = [conversation.id]
        await scenes.before_the_case(self, session, person, conversation, given)
        if given.keys() & {"case", "case_event", "condition", "conditions"}:
            await self._give_case(session, person, given)
        # Of several, the first is the one that steps speak of.
        several = [given["appointment"]] if "appointment" in given else given.get("several", [])
        for words in reversed(several):
            await self.give_appointment(session, person, words)
        await scenes.beside_the_case(self, session, person, conversation, given)
        if "supporter" in given:
            await self._give_support(session, person, given["supporter"])
        if "thread" in given:
            await give_thread(self, session, person, given["thread"])

    async def give_appointment(self, session: AsyncSession, person: Person, words: dict[str, Any]) -> None:
        known = dict(words)
        outside = known.pop("outside", False)  # with a service that is not ours
        starts_at = self.moment(known.pop("in_days"), known.pop("at"))
        appointment = await appointments.schedule(
            self.world.hub,
            session,
            "hub",
            person=person,
            starts_at=starts_at,
            worker_id=None if outside else person.worker_id,
            case_id=self.case_id,
            **known,
        )
        self.appointment_id = appointment.id
        self.subjects.append(("appointment", appointment.id))

    async def _give_case(self, session: AsyncSession, person: Person, given: dict[str, Any]) -> None:
        now = self.world.clock.now()
        case = Case(
            agency_id=person.agency_id,
            side=person.side,
            person_id=person.id,
            kind="victim_care" if self.side is Side.VICTIMS else "conditional_caution",
            reference="T/1",
            opened_at=now,
            worker_id=person.worker_id,
            person=person,
        )
        session.add(case)
        await session.flush()
        self.case_id = case.id
        if "case_event" in given:
            await self.add_event(session, given["case_event"])
        for one in [*given.get("conditions", ()), *([given["condition"]] if "condition" in given else ())]:
            due = local(now, ZONE).date() + timedelta(days=one["in_days"])
            await conditions.add(self.world.hub, session, "hub", case, one["words"], due)

    async def add_event(self, session: AsyncSession, words: dict[str, str]) -> None:
        now, case = self.world.clock.now(), await session.get_one(Case, self.case_id)
        event = await case_events.record_event(
            self.world.hub, session, "hub", case, happened_at=now, **{"reason": "", **words}
        )
        self.subjects.append(("case_event", event.id))

    async def _give_support(self, session: AsyncSession, supporter: Person, words: dict[str, Any]) -> None:
        person, _ = await self.world.person(session, name="Alex Reed", address=OTHER_PERSON)
        await members.invite(self.world.hub, session, person, supporter, Sees(words.get("sees", "dates")))
        if words.get("accepted"):
            await members.accept(self.world.hub, session, supporter)
        if "appointment" in words:
            await self.give_appointment(session, person, words["appointment"])

    # --- what happens -----------------------------------------------------------------------------

    async def _act(self, step: dict[str, Any]) -> None:
        for kind, does in scenes.STEPS.items():
            if kind in step:
                return await does(self, step[kind])
        if await writes(self, step):
            return None
        if "nudge" in step:
            return await self._nudge(step["nudge"])
        await self._them(step["them"])

    async def _nudge(self, rule: str) -> None:
        """Push the clock to the nudge's own time."""
        async with self.world.hub.store.transaction() as session:
            wanted = select(Nudge).where(Nudge.rule == rule, Nudge.state == NudgeState.PLANNED)
            nudge = (await session.scalars(wanted.order_by(Nudge.id))).first()
            assert nudge, f"no nudge of {rule} is planned"
            due_at = nudge.due_at
        # What is due before is not part of this conversation: a transcript names the nudges that it is about.
        await self._leave_out_nudges_before(rule)
        self.world.clock.push_to(due_at)
        await self.world.settle()

    async def _leave_out_nudges_before(self, rule: str) -> None:
        async with self.world.hub.store.transaction() as session:
            due = await session.scalar(
                select(Nudge.due_at).where(Nudge.rule == rule, Nudge.state == NudgeState.PLANNED).limit(1)
            )
            others = select(Nudge).where(Nudge.rule != rule, Nudge.state == NudgeState.PLANNED, Nudge.due_at <= due)
            for nudge in await session.scalars(others):
                nudge.state, nudge.reason = NudgeState.SKIPPED, "left out by the transcript"

    async def _them(self, said: str | dict[str, Any]) -> None:
        words: dict[str, Any] = {"text": said} if not isinstance(said, dict) else said
        text = str(words.get("text", ""))
        media: tuple[Media, ...] = ()
        if "code" in words:
            text = await code_of(self, words["code"])
        if "photo" in words:
            media = (Media(photo(words["photo"]), "image/jpeg", words["photo"]),)
        if "voice" in words:  # what a machine hears in it, where one listens
            media = (*media, Media(voice(), "audio/ogg", "voice.ogg"))
            hear(self, words["voice"])
        if "location" in words:
            media = (Media(props.location(words["location"]), PLACE_TYPE, "place"),)
        line = LINES[self.side, self.channel]
        if "network" in words:  # the provider has acted on a word of its own
            now, name = self.world.clock.now(), f"network-{self.seen_turns}"
            inbound = Inbound(line, self.channel, self.address, name, text, now, provider_keyword=words["network"])
            await accept(self.world.hub, inbound)
        elif "on_its_way" in words:  # minutes without signal: the provider had it then, we have it now
            now, name = self.world.clock.now(), f"late-{self.seen_turns}"
            sent_at = now - timedelta(minutes=words["on_its_way"])
            await accept(
                self.world.hub, Inbound(line, self.channel, self.address, name, text, now, media, sent_at=sent_at)
            )
        else:
            await self.world.simulator.text(self.address, line, text, channel=self.channel, media=media)
        await self.world.settle()

    async def text(self, text: str, channel: ChannelKind) -> None:
        """From another of their numbers or apps."""
        await self.world.simulator.text(ADDRESSES[channel], LINES[self.side, channel], text, channel=channel)
        await self.world.settle()

    # --- what must be so then ---------------------------------------------------------------------

    async def _check(self, number: int, step: dict[str, Any], *, degraded: bool) -> None:
        acts = ("them", "nudge", *scenes.STEPS, *self.circle.phones)
        where = f"step {number} ({next((step[act] for act in acts if step.get(act)), None)})"
        async with self.world.hub.store.transaction() as session:
            said = await self._new_messages(session)
            done = await self._new_commands(session)
            if "says" in step:
                names = [await self._name(m, session) for m in said]
                assert names == step["says"], f"{where}: {names}"
            if "does" in step and not degraded:
                assert done == step["does"], where
            self._check_words(where, step, " | ".join(self._words(m, session) for m in said), degraded=degraded)
            for line in step.get("inbox", []) if not degraded else []:
                facts = await self._facts(session)
                assert line in facts, f"{where}: {facts}"
            if "heard_elsewhere" in step:
                assert heard_elsewhere(self)[-len(step["heard_elsewhere"]) :] == step["heard_elsewhere"], where
            if "escalations" in step:
                reasons = await self._open_reasons(session)
                assert reasons == step["escalations"], f"{where}: {reasons}"
            alex_heard(self, step.get("alex_hears"), where)
            check_heard(self, step, where)
            await check_reasons(self, session, step, where)
            contact_heard(self.world, step.get("contact_hears"), where)
            for what, value in (step.get("state") or {}).items() if not degraded else ():
                now = await state(self, session, what, value)
                assert now == value, f"{where}: {what} is {now!r}, not {value!r}"

    def _check_words(self, where: str, step: dict[str, Any], words: str, *, degraded: bool) -> None:
        for part in step.get("contains", []) if not degraded else []:
            assert str(part) in words, f"{where}: {part!r} is not in {words!r}"
        for part in step.get("lacks", []):
            assert str(part).lower() not in words.lower(), f"{where}: {part!r} is in {words!r}"

    async def _name(self, message: Message, session: AsyncSession) -> str:
        """The text's name, with those of the texts that share its message: "appointments.where + human.still_…"."""
        if message.text_key is None:
            return "worker"
        person = await session.get_one(Person, self.person_id)
        key = self.world.hub.vault.open_person_key(person.wrapped_key or b"")
        facts = json.loads(key.open(message.facts_sealed or b"", "facts"))
        names = (facts.get(BEFORE), message.text_key, facts.get(THEN))
        # By SMS a link to send a photo by comes with the text that asks for one: the same conversation all the same.
        return " + ".join(name for name in names if name and name != upload_links.TEXT)

    async def _facts(self, session: AsyncSession) -> list[str]:
        """What stands between the messages on the worker's page."""
        person = await session.get_one(Person, self.person_id)
        items, _ = await items_of(self.world.hub, session, person, [self.conversation_id], None)
        return [item.words for item in items if item.kind == "fact"]

    def _words(self, message: Message, _session: AsyncSession) -> str:
        texts = [text for each in ADDRESSES.values() for text in self.world.simulator.phones.received(each)]
        return next((t.text for t in texts if t.message_id == message.id), f"(not sent: {message.state})")

    async def _new_messages(self, session: AsyncSession) -> list[Message]:
        wanted = select(Message).where(
            Message.conversation_id.in_(self.conversation_ids),
            Message.direction == Direction.OUT,
            Message.id > self.seen_out,
        )
        found = list((await session.scalars(wanted.order_by(Message.id))).all())
        self.seen_out = found[-1].id if found else self.seen_out
        return found

    async def _new_commands(self, session: AsyncSession) -> list[str]:
        wanted = (
            select(TurnRecord)
            .join(Message, Message.id == TurnRecord.message_id)
            .where(Message.conversation_id.in_(self.conversation_ids), TurnRecord.id > self.seen_turns)
        )
        found = list((await session.scalars(wanted.order_by(TurnRecord.id))).all())
        self.seen_turns = found[-1].id if found else self.seen_turns
        return [name for turn in found for name in turn.commands]

    async def _open_reasons(self, session: AsyncSession) -> list[str]:
        wanted = select(Escalation.reason).where(
            Escalation.conversation_id == self.conversation_id, Escalation.state != EscalationState.CLOSED
        )
        return sorted(await session.scalars(wanted))

    async def appointment(self, session: AsyncSession) -> Appointment:
        return await session.get_one(Appointment, self.appointment_id)

    async def last(self, session: AsyncSession, table: Any) -> Any:
        theirs = [table.person_id == self.person_id] if hasattr(table, "person_id") else []
        row = await session.scalar(select(table).where(*theirs).order_by(table.id.desc()).limit(1))
        assert row is not None, f"there is no {table.__name__}"
        return row

    def moment(self, in_days: int, at: str) -> datetime:
        day = local(self.world.clock.now(), ZONE).date() + timedelta(days=in_days)
        return at_local(day, time.fromisoformat(at), ZONE)
