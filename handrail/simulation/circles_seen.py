"""What a simulation has seen of those who stand by somebody: who is in, what they may see, what was said, for whom.

Kept by rules of its own, not by the hub's functions, so that it can tell when those are wrong. Knows no promise.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from handrail.simulation.diary import Line

MUCH = {"dates": 0, "progress": 1, "chat": 2}
TO_ALL = "all"


@dataclass(slots=True)
class Beside:
    """One supporter in one thread, as the row stands."""

    state: str
    sees: str
    ends_at: datetime | None
    muted: bool

    def may_see(self, needs: str, now: datetime) -> bool:
        over = self.ends_at is not None and self.ends_at <= now
        return self.state == "in" and not over and MUCH[self.sees] >= MUCH[needs]


@dataclass(slots=True)
class Circle:
    owner: int
    paused: bool = False
    beside: dict[int, Beside] = field(default_factory=dict)  # by the supporter's id


@dataclass(frozen=True, slots=True)
class Text:
    message: int
    thread: int
    to: int
    needs: str
    post: int | None


@dataclass(frozen=True, slots=True)
class Post:
    """`readers`: who had to hear it at the moment at which it was said."""

    id: int
    thread: int
    by_worker: bool
    readers: frozenset[int]


@dataclass(slots=True)
class Circles:
    circles: dict[int, Circle] = field(default_factory=dict)  # by the thread's id
    posts: dict[int, Post] = field(default_factory=dict)
    texts: dict[int, Text] = field(default_factory=dict)  # by the message's id
    _by_post: defaultdict[int, list[Text]] = field(default_factory=lambda: defaultdict(list))
    _new: list[Post] = field(default_factory=list)

    def note(self, line: Line, is_silent: Callable[[int], bool], now: datetime) -> None:
        """`is_silent`: whether nothing goes to that person."""
        match line.kind:
            case "threads":
                circle = self.circles.setdefault(line.row_id, Circle(line.facts["person_id"]))
                circle.paused = line.became == "paused"
            case "thread_members":
                self._member(line)
            case "thread_posts":
                self._post(line, is_silent, now)
            case "thread_texts":
                self._text(line)

    def bars(self, text: Text, now: datetime) -> str:
        """Why it may not go out at this moment; empty: it may."""
        circle, post = self.circles[text.thread], self.posts.get(text.post or 0)
        is_talk = post is not None and not post.by_worker
        if is_talk and circle.paused:
            return "the talk has been stopped"
        if text.to == circle.owner:
            return ""
        beside = circle.beside.get(text.to)
        if beside is None or not beside.may_see(text.needs, now):
            return "they are not in it, or may not see that much"
        return "they have muted the talk" if is_talk and beside.muted else ""

    def take_posts(self) -> Sequence[Post]:
        """Those since the last look."""
        found, self._new = self._new, []
        return found

    def of_post(self, post_id: int) -> Sequence[Text]:
        return self._by_post[post_id]

    def _member(self, line: Line) -> None:
        facts = line.facts
        ends_at = datetime.fromisoformat(facts["ends_at"]) if facts["ends_at"] else None
        beside = Beside(line.became, facts["sees"], ends_at, facts["muted_at"] is not None)
        self.circles[facts["thread_id"]].beside[line.row_id] = beside

    def _post(self, line: Line, is_silent: Callable[[int], bool], now: datetime) -> None:
        """What is for the worker alone, or was written while the talk had stopped, is for no reader."""
        if line.was is not None:  # a worker has looked at it
            return
        facts, circle = line.facts, self.circles[line.facts["thread_id"]]
        author = facts["author_id"]
        hear = {
            number
            for number, each in circle.beside.items()
            if each.may_see("chat", now) and not (author and each.muted)
        }
        is_relayed = line.became == TO_ALL and facts["relayed"]
        hears = {circle.owner, *hear} - {author} if is_relayed else set()
        readers = frozenset(number for number in hears if not is_silent(number))
        post = self.posts[line.row_id] = Post(line.row_id, facts["thread_id"], facts["worker_id"] is not None, readers)
        if line.became in {TO_ALL, "worker"}:
            self._new.append(post)

    def _text(self, line: Line) -> None:
        facts = line.facts
        text = Text(line.row_id, facts["thread_id"], facts["to_id"], facts["needs"], facts["post_id"])
        self.texts[text.message] = text
        if text.post:
            self._by_post[text.post].append(text)
