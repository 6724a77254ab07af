"""The course of a simulation: time passes from moment to moment, people write, workers work, the hub does what is due.

The whole hub on a clock of its own, with PostgreSQL and the simulator's carrier. One connection and one loop, so that
the same seed gives the same history to the byte.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from random import Random

from handrail.driving import Driver, Kind
from handrail.simulation.agenda import Agenda
from handrail.simulation.circles import Circles
from handrail.simulation.crash import Fate
from handrail.simulation.fill import Filled
from handrail.simulation.glance import Glance
from handrail.simulation.people import CODE, Crowd
from handrail.simulation.staff import EVERY, MILESTONES, Staff
from handrail.simulation.town import Somebody
from handrail.simulation.watch import Watch
from hub.catch_up import ask_providers
from hub.core import Hub
from hub.times import at_local
from hub.words import ChannelKind, Role
from hub.working_time import is_working_day
from integrations.channels.simulator import Taken

ZONE = "Europe/London"
ASK_AGAIN = timedelta(minutes=5)  # after which the carrier is asked what a webhook missed
STOPPED_FOR = timedelta(days=1)
CHECKED_IN, ASKED_HOW = 0.3, 0.3
STOPS_ON_DAY = 4
LOOK_AGAIN = timedelta(hours=3)  # for what stands open for days
REST = timedelta(minutes=30)  # between two rounds of it: with many people something of it comes due at every moment
IDLE = timedelta(hours=6)  # the longest stride
CAN_LOSE = frozenset({"lost_inbound", "crashes"})  # with these the carrier is asked what a webhook missed


def first_morning(seed: int, faults: Collection[str]) -> datetime:
    """June, when no clock changes; or so that the clocks change on the seventh day."""
    if "clock_changes" not in faults:
        return datetime(2026, 6, 1, 7, tzinfo=UTC)
    return datetime(2026, 3, 22, 7, tzinfo=UTC) if seed % 2 == 0 else datetime(2026, 10, 18, 7, tzinfo=UTC)


class Worked(Driver):
    """A driver whose workers can die, and for whom long waits are looked up every few hours."""

    fate: Fate
    glance: Glance
    lives = 0
    _windows: tuple[datetime, datetime | None] | None = None  # when asked, and the answer
    _rests_until: datetime | None = None

    async def do(self, kind: Kind) -> object:
        if kind is Kind.WINDOWS:
            self._windows, self._rests_until = None, self.clock.now() + REST
        deaths = self.fate.deaths
        done = await self.fate.live(kind, partial(super().do, kind))
        if self.fate.deaths > deaths:  # others take its place; what it held comes free when the lease runs out
            self.lives += 1
            self.workers = [f"{worker.split('/')[0]}/{self.lives}" for worker in self.workers]
            return True
        return done

    async def report(self) -> int:
        return await self.fate.live("report", super().report) or 0

    async def moments(self, kinds: Collection[Kind], *, after: bool) -> dict[Kind, datetime]:
        now = self.clock.now()
        found = self.glance.moments(tuple(kind for kind in kinds if kind is not Kind.WINDOWS), now, after=after)
        moment = self._windows_at(now) if Kind.WINDOWS in kinds else None
        if moment is not None and (moment > now) is after:
            found[Kind.WINDOWS] = moment
        return found

    def _windows_at(self, now: datetime) -> datetime | None:
        if self._rests_until and now < self._rests_until:
            return self._rests_until
        if self._windows is None or now >= self._windows[0] + LOOK_AGAIN:
            early = self.glance.moments((Kind.WINDOWS,), now, after=False)
            self._windows = (now, (early or self.glance.moments((Kind.WINDOWS,), now, after=True)).get(Kind.WINDOWS))
        return self._windows[1]


@dataclass(slots=True)
class Course:
    """Everything that takes part."""

    hub: Hub
    driver: Worked
    agenda: Agenda
    staff: Staff
    crowd: Crowd
    circles: Circles
    watch: Watch
    filled: Filled
    faults: Collection[str]
    seed: int
    ask_at: datetime | None = None

    async def run(self, town: Sequence[Somebody], end: datetime) -> None:
        start = self.hub.clock.now()
        self._plan(town, start, end)
        while self.hub.clock.now() < end:
            await self._step(end)
        await self.watch.end()

    async def _step(self, end: datetime) -> None:
        self.driver.clock.push_to(await self._next(end))
        now = self.hub.clock.now()
        for act in self.agenda.take(now):
            await act()
        if self.ask_at and self.ask_at <= now and Kind.UNFINISHED in self.driver.kinds:
            await self._ask(now)
        await self.driver.settle()
        carrier = self.driver.simulator
        self.watch.look(carrier.taken, carrier.written)
        opened, self.watch.opened = self.watch.opened, []
        for escalation_id, reason in opened:
            await self.staff.called(escalation_id, reason, self.hub.clock.now(), self.filled.agency)

    async def _ask(self, now: datetime) -> None:
        """The carrier is asked every few minutes in earnest, here when there may be something; again when it died."""
        deaths = self.driver.fate.deaths
        await self.driver.fate.live("ask", partial(ask_providers, self.hub))
        self.ask_at = now + ASK_AGAIN if self.driver.fate.deaths > deaths else None

    async def _next(self, end: datetime) -> datetime:
        now = self.hub.clock.now()
        ask_at = self.ask_at if Kind.UNFINISHED in self.driver.kinds else None
        moments = (await self.driver.next_due(), self.agenda.next_at(), self.driver.simulator.next_report_at(), ask_at)
        return min([*(m for m in moments if m is not None), end, now + IDLE])

    # --- what is planned from the start -----------------------------------------------------------

    def _plan(self, town: Sequence[Somebody], start: datetime, end: datetime) -> None:
        for who in town:
            self._plan_for(who, start, end)
        self.circles.plan(town, start, end)
        if "stopped_clock" in self.faults:
            self.agenda.add(start + timedelta(days=STOPS_ON_DAY, hours=1), self._stop_clock)

    def _plan_for(self, who: Somebody, start: datetime, end: datetime) -> None:
        chance = Random(f"{self.seed}/life/{who.number}")  # noqa: S311 - not a secret
        if who.role is not Role.SUPPORTER:
            first = _in_hours(chance, start.date() + timedelta(days=chance.randint(1, EVERY.days)))
            self.agenda.add(start, partial(self.staff.make_appointment, who, first))
        if who.role is Role.SUPERVISED and chance.random() < CHECKED_IN:
            self.agenda.add(self.agenda.on_grid(start + EVERY * chance.random()), partial(self.staff.check_in, who))
        if who.role is Role.VICTIM:
            length = end - start
            for milestone in chance.sample(MILESTONES, chance.randint(0, 2)):
                when = self.agenda.on_grid(start + length * chance.random())
                self.agenda.add(when, partial(self.staff.tell_news, who, milestone))
            if chance.random() < ASKED_HOW:
                when = self.agenda.on_grid(start + length * chance.random())
                self.agenda.add(when, partial(self.staff.ask_survey, who))

    async def _stop_clock(self) -> None:
        """Nobody plans, wakes or reconciles for a day; texts still come in and go out."""
        now = self.hub.clock.now()
        self.watch.memory.stop = (now, now + STOPPED_FOR)
        self.driver.kinds = (Kind.INBOUND, Kind.OUTBOUND)
        self.agenda.add(now + STOPPED_FOR, self._start_clock)

    async def _start_clock(self) -> None:
        self.driver.kinds = tuple(Kind)

    # --- what people do ---------------------------------------------------------------------------

    async def write(self, who: Somebody, text: str) -> None:
        """A text leaves a phone. What does not reach us is asked for later."""
        words = await self.staff.venue_code(who) or "im here" if text == CODE else text
        if CAN_LOSE.intersection(self.faults):
            self.ask_at = self.ask_at or self.hub.clock.now() + ASK_AGAIN
        send = partial(self.driver.simulator.text, who.address, who.line, words, channel=ChannelKind.SMS)
        await self.driver.fate.live("accept", send)

    def heard(self, taken: Taken, text_key: str) -> None:
        self.crowd.got(taken, text_key)


def _in_hours(chance: Random, day: date) -> datetime:
    while not is_working_day(day, "ENG"):
        day += timedelta(days=1)
    return at_local(day, time(chance.randint(9, 15), chance.choice([0, 30])), ZONE)
