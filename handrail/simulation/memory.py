"""What a simulation remembers of its course, so that each promise needs to look at what is new alone.

Fed line by line from the diary, and with what the carrier took; whoever asks sees the world as it stood at that line.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handrail.simulation.circles_seen import Circles
from handrail.simulation.diary import Line
from handrail.simulation.replies import CRIES, TO_ALL
from handrail.simulation.town import Somebody
from hub.ports import Inbound
from integrations.channels.simulator import Taken

FINAL_IN = frozenset({"handled", "handed_over"})
UNDER_WAY = frozenset({"queued", "held", "claimed", "sending", "uncertain"})


@dataclass(slots=True)
class Said:
    """One message, in or out, as it stands."""

    conversation: int
    direction: str
    state: str
    purpose: str
    rank: int
    text_key: str
    created_at: datetime
    due_at: datetime
    since: datetime  # of this state
    attempts: int = 0
    put_off: bool = False  # it was held, or a fault put it off
    provider_id: str = ""
    reason: str = ""
    times_taken: int = 0


@dataclass(frozen=True, slots=True)
class Nudged:
    """What a nudge is about: `occurrence` is the time that its subject stood at."""

    rule: str
    kind: str
    subject: int
    occurrence: datetime


@dataclass(slots=True)
class Memory:
    """Everything that promises ask about. Keys are the rows' ids."""

    now: datetime
    phones: Mapping[tuple[str, str], Somebody]  # by address and line
    people: Mapping[int, Somebody] = field(default_factory=dict)
    said: dict[int, Said] = field(default_factory=dict)
    under_way: set[int] = field(default_factory=set)
    person_of: dict[int, int] = field(default_factory=dict)  # conversation → person
    talks_of: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))  # the other way round
    contact_of: dict[int, int] = field(default_factory=dict)  # conversation → contact point
    stopped: set[int] = field(default_factory=set)  # contact points
    last_in: dict[int, datetime] = field(default_factory=dict)  # conversation → when somebody wrote last
    last_text: dict[int, tuple[datetime, str, str]] = field(default_factory=dict)  # conversation → when, key, words
    last_sent: dict[tuple[int, int], int] = field(default_factory=dict)  # conversation and rank → message
    appointments: dict[int, tuple[str, datetime]] = field(default_factory=dict)  # state, starts_at
    nudge_of: dict[int, Nudged] = field(default_factory=dict)  # message → nudge
    planned: dict[int, datetime] = field(default_factory=dict)  # nudge → due
    open_reasons: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))  # conversation
    helped_at: dict[int, datetime] = field(default_factory=dict)  # conversation → the last text with helplines
    turns: set[tuple[int, str]] = field(default_factory=set)
    written: dict[str, Inbound] = field(default_factory=dict)  # by the carrier's id
    unread: dict[str, datetime] = field(default_factory=dict)  # what nobody has read yet: the carrier's id → when
    accepted: dict[str, datetime] = field(default_factory=dict)  # of those, when we stored them
    cries: list[tuple[int, datetime]] = field(default_factory=list)  # read since the last look: conversation, when
    stop: tuple[datetime, datetime] | None = None  # the scheduler stands still between these
    circles: Circles = field(default_factory=Circles)  # who stands by whom, and what was said among them

    def somebody(self, conversation: int) -> Somebody | None:
        return self.people.get(self.person_of.get(conversation, 0))

    def is_silent(self, person: int) -> bool:
        """Whether one of their addresses has been stopped."""
        return any(self.contact_of[talk] in self.stopped for talk in self.talks_of[person])

    def overdue(self, since: datetime) -> timedelta:
        """How long ago that is, less the time in which the scheduler stood still."""
        past = self.now - since
        if self.stop:
            start, end = max(self.stop[0], since), min(self.stop[1], self.now)
            past -= max(end - start, timedelta(0))
        return past

    def take_cries(self) -> list[tuple[int, datetime]]:
        """The cries for help that have been read since the last look."""
        cries, self.cries = self.cries, []
        return cries

    def wrote(self, inbound: Inbound) -> None:
        self.written[inbound.provider_message_id] = inbound
        self.unread[inbound.provider_message_id] = inbound.received_at

    def note(self, line: Line) -> None:
        handler = _NOTES.get(line.kind)
        if handler:
            handler(self, line)

    def note_taken(self, taken: Taken) -> Said | None:
        said = self.said.get(taken.outgoing.message_id)
        if said is None:
            return None
        said.times_taken += 1
        return said

    def remember_taken(self, taken: Taken, said: Said) -> None:
        """After the promises have been asked: the next text is compared with this one."""
        self.last_text[said.conversation] = (taken.at, said.text_key, taken.outgoing.text)
        self.last_sent[said.conversation, said.rank] = taken.outgoing.message_id


def moment(words: str) -> datetime:
    return datetime.fromisoformat(words)


def is_cry(words: str) -> bool:
    """Also when it was meant for those around them: it goes to a human instead."""
    return words.removeprefix(TO_ALL) in CRIES


def _conversation(memory: Memory, line: Line) -> None:
    memory.person_of[line.row_id] = line.facts["person_id"]
    memory.talks_of[line.facts["person_id"]].add(line.row_id)
    memory.contact_of[line.row_id] = line.facts["contact_point_id"]


def _contact(memory: Memory, line: Line) -> None:
    (memory.stopped.add if line.became == "stopped" else memory.stopped.discard)(line.row_id)


def _message(memory: Memory, line: Line) -> None:
    facts, said = line.facts, memory.said.get(line.row_id)
    due_at = moment(facts["due_at"] or facts["created_at"])
    if said is None:
        said = memory.said[line.row_id] = Said(
            conversation=facts["conversation_id"],
            direction=facts["direction"],
            state=line.became,
            purpose=facts["purpose"] or "",
            rank=facts["rank"],
            text_key=facts["text_key"] or "",
            created_at=moment(facts["created_at"]),
            due_at=due_at,
            since=memory.now,
            provider_id=facts["provider_message_id"] or "",
        )
    said.put_off |= line.became in {"held", "uncertain"} or due_at > said.created_at
    said.state, said.due_at, said.since = line.became, due_at, memory.now
    said.attempts, said.reason = facts["attempts"], facts["reason"]
    (_came_in if said.direction == "in" else _goes_out)(memory, line.row_id, said)


def _came_in(memory: Memory, _message_id: int, said: Said) -> None:
    if said.state == "received":
        memory.last_in[said.conversation] = said.created_at
        if said.provider_id in memory.unread:
            memory.accepted[said.provider_id] = said.created_at
    elif said.state in FINAL_IN:
        if is_cry(memory.written[said.provider_id].text):
            memory.cries.append((said.conversation, memory.now))
        memory.unread.pop(said.provider_id, None)
        memory.accepted.pop(said.provider_id, None)


def _goes_out(memory: Memory, message_id: int, said: Said) -> None:
    (memory.under_way.add if said.state in UNDER_WAY else memory.under_way.discard)(message_id)
    if said.text_key.startswith("safety.") and said.state == "queued":
        memory.helped_at[said.conversation] = said.created_at


def _nudge(memory: Memory, line: Line) -> None:
    facts = line.facts
    if line.became == "planned":
        memory.planned[line.row_id] = moment(facts["due_at"])
    else:
        memory.planned.pop(line.row_id, None)
    if line.became == "queued" and facts["message_id"]:
        nudged = Nudged(facts["rule"], facts["subject_kind"], facts["subject_id"], moment(facts["occurrence"]))
        memory.nudge_of[facts["message_id"]] = nudged


def _appointment(memory: Memory, line: Line) -> None:
    memory.appointments[line.row_id] = (line.became, moment(line.facts["starts_at"]))


def _escalation(memory: Memory, line: Line) -> None:
    reasons = memory.open_reasons[line.facts["conversation_id"]]
    (reasons.discard if line.became == "closed" else reasons.add)(line.facts["reason"])


def _of_circles(memory: Memory, line: Line) -> None:
    memory.circles.note(line, memory.is_silent, memory.now)


_NOTES = {
    "conversations": _conversation,
    "contact_points": _contact,
    "messages": _message,
    "nudges": _nudge,
    "appointments": _appointment,
    "escalations": _escalation,
    **dict.fromkeys(("threads", "thread_members", "thread_posts", "thread_texts"), _of_circles),
}
