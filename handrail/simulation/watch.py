"""Watches a simulation: reads what is new, asks each promise about it, and keeps the history's fingerprint and figures.

Its cost grows with what happens, not with what has happened. Knows nothing of who makes it happen.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handrail.simulation.diary import Diary, Line
from handrail.simulation.memory import Memory
from handrail.simulation.promises import OF_HOURS, OF_LINES, OF_STEPS, OF_TEXTS
from hub.core import Hub
from hub.ports import Inbound
from hub.store import audit
from integrations.channels.simulator import Taken

HOUR = timedelta(hours=1)
LAST_FACTS = 12  # lines of a conversation that a violation is shown with


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken promise: its name, what was seen and when, in which conversation (0: none), with its last lines."""

    promise: str
    what: str
    at: datetime
    conversation: int = 0
    facts: Sequence[str] = ()


@dataclass(slots=True)
class Watch:
    hub: Hub
    memory: Memory
    diary: Diary
    heard: Callable[[Taken, str], None]  # told of each text that the carrier took, and of its key
    opened: list[tuple[int, str]] = field(default_factory=list)  # escalations that nobody has heard of: id, reason
    violations: list[Violation] = field(default_factory=list)
    moves: Counter[str] = field(default_factory=Counter)
    by_conversation: dict[int, list[str]] = field(default_factory=dict)
    _seen: set[tuple[str, str]] = field(default_factory=set)
    _history: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    _new: list[str] = field(default_factory=list)
    _texts: int = 0
    _written: int = 0
    _next_hour: datetime | None = None

    @property
    def fingerprint(self) -> str:
        return self._history.hexdigest()

    def look(self, taken: Sequence[Taken], written: Sequence[Inbound]) -> None:
        """After each step. Given all that the carrier ever took, and all that people ever wrote; looks at the rest."""
        self.memory.now = self.hub.clock.now()
        for inbound in written[self._written :]:
            self.memory.wrote(inbound)
        self._written = len(written)
        for line in self.diary.read():
            self._line(line)
        for text in taken[self._texts :]:
            self._text(text)
        self._texts = len(taken)
        for promise in OF_STEPS:
            self._judge(promise, promise(self.memory))
        if self._next_hour is None or self.memory.now >= self._next_hour:
            self._next_hour = self.memory.now + HOUR
            for promise in OF_HOURS:
                self._judge(promise, promise(self.memory))
        self._history.update("\n".join(sorted(self._new)).encode())  # one statement's rows have no order
        self._new.clear()

    async def end(self) -> None:
        """The chain of the audit is whole at the end."""
        async with self.hub.store.transaction() as session:
            await audit.seal(session, self.hub.clock.now())
            broken = await audit.verify(session)
        if broken is not None:
            self._break("audit_is_whole", f"seal {broken} does not hold", 0)

    def _line(self, line: Line) -> None:
        self.memory.note(line)
        self.moves[_name(line)] += 1
        conversation = self._conversation_of(line)
        self._keep(conversation, f"{line.kind} {line.row_id}: {line.was} → {line.became} {_facts(line)}")
        for promise in OF_LINES:
            self._judge(promise, promise(self.memory, line), conversation)
        if line.kind == "escalations" and line.became == "open":
            self.opened.append((line.row_id, line.facts["reason"]))

    def _text(self, text: Taken) -> None:
        said = self.memory.note_taken(text)
        if said is None:
            return self._break("sent_once", f"the carrier took message {text.outgoing.message_id}: there is none", 0)
        self._keep(said.conversation, f"phone {text.outgoing.to}: {text.outgoing.text}")
        for promise in OF_TEXTS:
            self._judge(promise, promise(self.memory, said, text), said.conversation)
        self.memory.remember_taken(text, said)
        self.heard(text, said.text_key)

    def _judge(self, promise: Callable[..., object], broken: Iterator[str], conversation: int = 0) -> None:
        for what in broken:
            self._break(promise.__name__, what, conversation)

    def _break(self, promise: str, what: str, conversation: int) -> None:
        if (promise, what) not in self._seen:  # what stays broken is told once
            self._seen.add((promise, what))
            facts = tuple(self.by_conversation.get(conversation, ())[-LAST_FACTS:])
            self.violations.append(Violation(promise, what, self.memory.now, conversation, facts))

    def _keep(self, conversation: int, fact: str) -> None:
        fact = f"{self.memory.now:%Y-%m-%d %H:%M:%S} {fact}"
        self._new.append(fact)
        if conversation:
            kept = self.by_conversation.setdefault(conversation, [])
            kept.append(fact)
            del kept[:-LAST_FACTS]

    def _conversation_of(self, line: Line) -> int:
        if line.kind == "messages":
            return self.memory.said[line.row_id].conversation
        if line.kind == "turns":
            return self.memory.said[line.facts["message_id"]].conversation
        return int(line.facts.get("conversation_id", 0))


def _name(line: Line) -> str:
    facts = line.facts
    match line.kind:
        case "messages":
            key = f"{facts['direction']}/{facts['purpose'] or ''}"
        case "nudges":
            key = f"{facts['rule']}/{facts['reason']}"
        case "escalations":
            key = facts["reason"]
        case _:
            key = ""
    return f"{line.kind}/{line.became}/{key}" if line.was != line.became else f"{line.kind}/again/{key}"


def _facts(line: Line) -> str:
    return json.dumps({name: value for name, value in line.facts.items() if value not in (None, "")}, sort_keys=True)
