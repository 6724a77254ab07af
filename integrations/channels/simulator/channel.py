"""A carrier in memory as a `Channel`: keeps the phones, reports delivery, and breaks on demand.

Must not know the store: like a real carrier it remembers by itself what it took.
"""

import asyncio
import itertools
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from secrets import token_hex

from hub.errors import Refused, StoreUnavailable, TryLater, Uncertain
from hub.ports import Accepted, Clock, DeliveryStatus, Inbound, Media, Outgoing, Receipt
from hub.words import ChannelKind
from integrations.channels.simulator.faults import NO_FAULTS, Dice, Faults
from integrations.channels.simulator.phones import Phones, PhoneText

LATE = timedelta(hours=3)  # long enough to arrive after the next text of the same conversation
DELAY = timedelta(hours=1)
OUT_OF_TURN = timedelta(minutes=2)  # by which a webhook comes after that of a later text
THROTTLED_FOR = timedelta(seconds=45)  # the carrier's Retry-After


_MEANING = {DeliveryStatus.UNDELIVERED: "unreachable"}


async def _nobody(_: object) -> None:
    """Until the simulator is connected, nobody listens."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One text in the carrier's own books."""

    at: datetime
    outgoing: Outgoing
    accepted: Accepted


@dataclass(frozen=True, slots=True)
class _Later:
    """Something that the carrier does at its time: a receipt, a late webhook, a text that reaches its phone."""

    due: datetime
    do: Callable[[], Awaitable[object]]


class Simulator:
    """Phones at any address, for lines of any kind. `connect` it to the hub's two doors to hear from it."""

    kind = ChannelKind.SIMULATOR

    def __init__(self, clock: Clock, faults: Faults = NO_FAULTS, run: str = "") -> None:
        """`run` names the ids; by chance without it, so that a demo that is started again uses no id twice."""
        self.phones = Phones()
        self.taken: list[Taken] = []  # what we sent, in order
        self.written: list[Inbound] = []  # what people wrote, whether it reached us or not
        self._taken_of: defaultdict[int, list[Taken]] = defaultdict(list)
        self._clock = clock
        self._dice = Dice(faults)
        self._ids = itertools.count(1)
        self._run = run or token_hex(4)
        self._calls = Counter[int]()
        self._later: list[_Later] = []
        self._reporting = asyncio.Lock()
        self._accept: Callable[[Inbound], Awaitable[object]] = _nobody
        self._record_receipt: Callable[[Receipt], Awaitable[object]] = _nobody

    def connect(
        self,
        accept: Callable[[Inbound], Awaitable[object]],
        record_receipt: Callable[[Receipt], Awaitable[object]],
    ) -> None:
        self._accept = accept
        self._record_receipt = record_receipt

    def set_faults(self, faults: Faults) -> None:
        """From now on these, from the start of their seed."""
        self._dice = Dice(faults)

    # --- the Channel port ---------------------------------------------------------------------

    async def send(self, outgoing: Outgoing) -> Accepted:
        """Put the text on the phone, or meet one of the faults: `Refused`, `TryLater` or `Uncertain`."""
        self._calls[outgoing.message_id] += 1
        match self._dice.sending_fault(f"{outgoing.message_id}/{self._calls[outgoing.message_id]}"):
            case "refuse":
                raise Refused("The simulator refuses.", code="SIM-REFUSED", meaning="unknown_number")
            case "try_later":
                raise TryLater("The simulator is busy.", code="SIM-BUSY")
            case "throttle":
                raise TryLater("The simulator asks for patience.", code="SIM-429", after=THROTTLED_FOR)
            case "uncertain_before":
                raise Uncertain("The simulator broke off.")
            case "uncertain_after":
                await self._take(outgoing)
                raise Uncertain("The simulator broke off.")
        return await self._take(outgoing)

    async def find_sent(self, outgoing: Outgoing, since: datetime, known: Collection[str] = ()) -> Accepted | None:
        """Whether this very message was taken."""
        for taken in self._taken_of[outgoing.message_id]:
            mine = taken.outgoing.to == outgoing.to and taken.accepted.provider_message_id not in known
            if mine and taken.at >= since:
                return taken.accepted
        return None

    async def received_since(self, line_address: str, since: datetime) -> Sequence[Inbound]:
        """All that was written to the line since then, lost webhooks included, oldest first."""
        recent = itertools.takewhile(lambda inbound: inbound.received_at >= since, reversed(self.written))
        return [inbound for inbound in recent if inbound.line_address == line_address][::-1]

    # --- the people with the phones -----------------------------------------------------------

    async def text(
        self,
        sender: str,
        line_address: str,
        text: str,
        *,
        channel: ChannelKind = ChannelKind.SIMULATOR,
        media: tuple[Media, ...] = (),
    ) -> Inbound:
        """Somebody writes to one of our lines. Reaches the hub unless a fault loses it on the way."""
        now = self._clock.now()
        inbound = Inbound(line_address, channel, sender, self._new_id("in"), text, now, media)
        self.written.append(inbound)
        shown = PhoneText(inbound.provider_message_id, False, line_address, text, now, media=media)
        await self.phones.add(sender, shown)
        case = inbound.provider_message_id
        if self._dice.happens("reordered_inbound", case):
            self._later.append(_Later(now + OUT_OF_TURN, partial(self._deliver, inbound)))
        elif not self._dice.happens("lost_inbound", case):
            await self._deliver(inbound)
        return inbound

    async def wait_for_text(self, address: str, count: int = 1) -> PhoneText:
        """See `Phones.wait_for_text`."""
        return await self.phones.wait_for_text(address, count)

    def stream(self, address: str, *, seen: int | None = None) -> AsyncIterator[PhoneText]:
        """See `Phones.stream`."""
        return self.phones.stream(address, seen=seen)

    # --- what the carrier reports -------------------------------------------------------------

    async def push_receipts(self) -> int:
        """Report everything that is due by the clock; returns how many. Call it from whatever ticks."""
        async with self._reporting:
            now = self._clock.now()
            due = [later for later in self._later if later.due <= now]
            for later in due:
                await later.do()
                self._later.remove(later)  # after, so that a lost database repeats it
            return len(due)

    def next_report_at(self) -> datetime | None:
        """When the carrier has something to say next."""
        return min((later.due for later in self._later), default=None)

    async def run(self, stop: asyncio.Event, every_seconds: float = 0.5) -> None:
        """Keep reporting until `stop` is set; for the demo, where nobody else ticks."""
        while not stop.is_set():
            try:
                await self.push_receipts()
                await asyncio.wait_for(stop.wait(), every_seconds)
            except (TimeoutError, StoreUnavailable):
                continue

    async def _take(self, outgoing: Outgoing) -> Accepted:
        now = self._clock.now()
        accepted = Accepted(self._new_id("out"))
        self.taken.append(Taken(now, outgoing, accepted))
        self._taken_of[outgoing.message_id].append(self.taken[-1])
        await self._forward(accepted.provider_message_id, outgoing, now)
        return accepted

    async def _forward(self, case: str, outgoing: Outgoing, now: datetime) -> None:
        """To the phone and back to us: at once, later, or never."""
        shown = PhoneText(
            case,
            True,
            outgoing.line_address,
            outgoing.text,
            now,
            choices=outgoing.choices,
            message_id=outgoing.message_id,
        )
        if self._dice.happens("lost", case):
            return self._report(now, case, [DeliveryStatus.SENT, DeliveryStatus.UNDELIVERED])
        if self._dice.happens("delayed", case):
            self._later.append(_Later(now + DELAY, partial(self.phones.add, outgoing.to, shown)))
            return self._report(now + DELAY, case, [DeliveryStatus.SENT, DeliveryStatus.DELIVERED])
        await self.phones.add(outgoing.to, shown)
        self._report(now, case, [DeliveryStatus.SENT, DeliveryStatus.DELIVERED])

    def _report(self, at: datetime, case: str, statuses: list[str]) -> None:
        """Plan the receipts of one text, with whatever goes wrong with them."""
        receipts = [Receipt(case, status, meaning=_MEANING.get(status, "")) for status in statuses]
        if self._dice.happens("reordered_receipts", case):
            receipts.reverse()
        if self._dice.happens("duplicate_receipt", case):
            receipts.append(receipts[-1])
        if self._dice.happens("wrong_receipt", case):
            receipts += [Receipt(f"{case}-of-nobody", DeliveryStatus.DELIVERED), Receipt(case, DeliveryStatus.SENT)]
        due = at + LATE if self._dice.happens("late_receipt", case) else at
        self._later += [_Later(due, partial(self._tell, receipt)) for receipt in receipts]

    async def _tell(self, receipt: Receipt) -> None:
        await self._record_receipt(receipt)

    async def _deliver(self, inbound: Inbound) -> None:
        await self._accept(inbound)
        if self._dice.happens("duplicate_inbound", inbound.provider_message_id):
            await self._accept(inbound)

    def _new_id(self, direction: str) -> str:
        return f"sim-{self._run}-{direction}-{next(self._ids)}"
