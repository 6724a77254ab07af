"""A carrier in memory as a `Channel`: keeps the phones, reports delivery, and breaks on demand.

Must not know the store: like a real carrier it remembers by itself what it took.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex

from hub.errors import Refused, StoreUnavailable, TryLater, Uncertain
from hub.ports import Accepted, Clock, DeliveryStatus, Inbound, Media, Outgoing, Receipt
from hub.words import ChannelKind
from integrations.channels.simulator.faults import NO_FAULTS, Dice, Faults
from integrations.channels.simulator.phones import Phones, PhoneText

LATE = timedelta(hours=3)  # long enough to arrive after the next text of the same conversation


async def _nobody(_: object) -> None:
    """Until the simulator is connected, nobody listens."""


@dataclass(frozen=True, slots=True)
class _Report:
    due: datetime
    receipt: Receipt


class Simulator:
    """Phones at any address, for lines of any kind. `connect` it to the hub's two doors to hear from it."""

    kind = ChannelKind.SIMULATOR

    def __init__(self, clock: Clock, faults: Faults = NO_FAULTS) -> None:
        self.phones = Phones()
        self._clock = clock
        self._dice = Dice(faults)
        self._ids = itertools.count(1)
        self._run = token_hex(4)  # a demo that is started again uses no id twice
        self._sent: list[tuple[datetime, Outgoing, Accepted]] = []
        self._inbound: list[Inbound] = []
        self._reports: list[_Report] = []
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
        match self._dice.sending_fault():
            case "refuse":
                raise Refused("The simulator refuses.", code="SIM-REFUSED", meaning="unknown_number")
            case "try_later":
                raise TryLater("The simulator is busy.", code="SIM-BUSY")
            case "uncertain_before":
                raise Uncertain("The simulator broke off.")
            case "uncertain_after":
                await self._take(outgoing)
                raise Uncertain("The simulator broke off.")
        return await self._take(outgoing)

    async def find_sent(self, outgoing: Outgoing, since: datetime, known: Collection[str] = ()) -> Accepted | None:
        """Whether this very message is on the phone."""
        for at, sent, accepted in self._sent:
            mine = sent.message_id == outgoing.message_id and sent.to == outgoing.to
            if mine and at >= since and accepted.provider_message_id not in known:
                return accepted
        return None

    async def received_since(self, line_address: str, since: datetime) -> Sequence[Inbound]:
        """All that was written to the line since then, lost webhooks included, oldest first."""
        return [i for i in self._inbound if i.line_address == line_address and i.received_at >= since]

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
        self._inbound.append(inbound)
        shown = PhoneText(inbound.provider_message_id, False, line_address, text, now, media=media)
        await self.phones.add(sender, shown)
        if not self._dice.happens("lost_inbound"):
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
            due = [report for report in self._reports if report.due <= now]
            for report in due:
                await self._record_receipt(report.receipt)
                self._reports.remove(report)  # after, so that a lost database repeats it
            return len(due)

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
        self._sent.append((now, outgoing, accepted))
        self._plan_reports(accepted, now)
        shown = PhoneText(
            accepted.provider_message_id,
            True,
            outgoing.line_address,
            outgoing.text,
            now,
            choices=outgoing.choices,
            message_id=outgoing.message_id,
        )
        await self.phones.add(outgoing.to, shown)
        return accepted

    def _plan_reports(self, accepted: Accepted, now: datetime) -> None:
        statuses = [DeliveryStatus.SENT, DeliveryStatus.DELIVERED]
        if self._dice.happens("reordered_receipts"):
            statuses.reverse()
        if self._dice.happens("duplicate_receipt"):
            statuses.append(statuses[-1])
        due = now + LATE if self._dice.happens("late_receipt") else now
        self._reports += [_Report(due, Receipt(accepted.provider_message_id, status)) for status in statuses]

    async def _deliver(self, inbound: Inbound) -> None:
        await self._accept(inbound)
        if self._dice.happens("duplicate_inbound"):
            await self._accept(inbound)

    def _new_id(self, direction: str) -> str:
        return f"sim-{self._run}-{direction}-{next(self._ids)}"
