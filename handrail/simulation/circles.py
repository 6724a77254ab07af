"""What happens in a simulation among people and those who stand by them: they write to each other, and it ends.

The person writes with “@all”, a supporter as they would to anybody. Some mute the talk, some go or are sent away, for
some the time runs out, and now and then a worker stops the talk for a day. Knows nothing of who hears of it.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handrail.simulation.agenda import Act, Agenda
from handrail.simulation.replies import CRIES, OTHERS, TO_ALL
from handrail.simulation.town import Habit, Somebody
from hub.core import Hub
from hub.errors import HandrailError
from hub.store.tables import Thread, ThreadMember, Worker
from hub.threads import members, posts
from hub.words import Sees

DAY = timedelta(days=1)
EVERY = 3 * DAY  # somebody writes to the others, about
STOPPED_FOR = DAY
CRIES_FOR_HELP = 0.03
MUTES, LEAVES, SENT_AWAY, RUNS_OUT, SEES_LESS, STOPPED, SAYS = 0.15, 0.1, 0.15, 0.2, 0.1, 0.3, 0.5

Change = Callable[[AsyncSession, Thread, ThreadMember], Awaitable[None]]


@dataclass(slots=True)
class Circles:
    """`ids`: the person of each number."""

    hub: Hub
    agenda: Agenda
    write: Callable[[Somebody, str], Act]
    seed: int
    worker: int
    ids: dict[int, int]

    def plan(self, town: Sequence[Somebody], start: datetime, end: datetime) -> None:
        by_number = {who.number: who for who in town}
        for supporter in town:
            chance = Random(f"{self.seed}/circle/{supporter.number}")  # noqa: S311 - not a secret
            for number in supporter.stands_by:
                self._talk(chance, supporter, by_number[number], start, end)
                self._end(chance, supporter, number, start, end)

    def _talk(self, chance: Random, supporter: Somebody, owner: Somebody, start: datetime, end: datetime) -> None:
        if supporter.sees is not Sees.CHAT:
            return
        for who, before in ((supporter, ""), (owner, TO_ALL)):
            when = start + EVERY * chance.random()
            while when < end and who.habit not in {Habit.NEVER, Habit.WRONG_PERSON}:
                words = chance.choice(CRIES if chance.random() < CRIES_FOR_HELP else OTHERS)
                self.agenda.add(self.agenda.on_grid(when), self.write(who, before + words))
                when += EVERY * (0.3 + chance.random())
        if chance.random() < MUTES:
            self.agenda.add(self._some_time(chance, start, end), self.write(supporter, "MUTE"))

    def _end(self, chance: Random, supporter: Somebody, number: int, start: datetime, end: datetime) -> None:
        happens = (
            (LEAVES, self._leaves),
            (SENT_AWAY, self._sent_away),
            (RUNS_OUT, self._runs_out),
            (SEES_LESS, self._sees_less),
            (STOPPED, self._stopped),
            (SAYS, self._worker_says),
        )
        for share, act in happens:
            if chance.random() < share:
                when = self._some_time(chance, start, end)
                self.agenda.add(when, partial(self._do, act, self.ids[supporter.number], self.ids[number]))

    def _some_time(self, chance: Random, start: datetime, end: datetime) -> datetime:
        return self.agenda.on_grid(start + (end - start) * chance.random())

    async def _do(self, act: Change, supporter: int, owner: int) -> None:
        """What the hub forbids just then is left."""
        with suppress(HandrailError):
            async with self.hub.store.transaction() as session:
                thread = (await session.scalars(select(Thread).where(Thread.person_id == owner))).one()
                await act(session, thread, await session.get_one(ThreadMember, (thread.id, supporter)))

    async def _leaves(self, session: AsyncSession, _thread: Thread, member: ThreadMember) -> None:
        if member.left_at is None:
            await members.end(self.hub, session, f"person:{member.person_id}", member, "left")

    async def _sent_away(self, session: AsyncSession, thread: Thread, member: ThreadMember) -> None:
        if member.left_at is None:
            await members.end(self.hub, session, f"person:{thread.person_id}", member, "revoked")

    async def _runs_out(self, session: AsyncSession, thread: Thread, member: ThreadMember) -> None:
        """In the middle of the next day: between two moments, as it falls."""
        ends_at = self.hub.clock.now() + timedelta(hours=27)
        await members.change(self.hub, session, f"person:{thread.person_id}", member, member.sees, ends_at, "text")

    async def _sees_less(self, session: AsyncSession, thread: Thread, member: ThreadMember) -> None:
        by = f"person:{thread.person_id}"
        await members.change(self.hub, session, by, member, Sees.DATES, member.ends_at, "text")

    async def _stopped(self, session: AsyncSession, thread: Thread, _member: ThreadMember) -> None:
        await posts.pause(self.hub, session, await session.get_one(Worker, self.worker), thread)
        self.agenda.add(self.hub.clock.now() + STOPPED_FOR, partial(self._go_on, thread.id))

    async def _go_on(self, thread_id: int) -> None:
        async with self.hub.store.transaction() as session:
            worker, thread = await session.get_one(Worker, self.worker), await session.get_one(Thread, thread_id)
            await posts.resume(self.hub, session, worker, thread)

    async def _worker_says(self, session: AsyncSession, thread: Thread, _member: ThreadMember) -> None:
        worker = await session.get_one(Worker, self.worker)
        await posts.say(self.hub, session, worker, thread, f"Well done everybody, from {worker.first_name}")
