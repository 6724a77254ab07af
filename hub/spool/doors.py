"""The hub's two doors for providers, which stay open while PostgreSQL is away.

    accept(), record_receipt()  into the store; into the folder while the store is away, or while something of the
                                same sender still waits there: nobody's texts overtake each other
    keep_draining()             looks every second, and at once after a start

A text that was taken in twice (a crash between storing it and removing its file) is one text: `accept` knows it by the
provider's id. A receipt moves its message once. Order is kept on this machine: what another machine takes in meanwhile
is not waited for. Knows no provider.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Iterable
from contextlib import suppress
from typing import TypeVar
from weakref import WeakValueDictionary

import psycopg
import structlog
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from hub.core import Hub
from hub.errors import StoreUnavailable
from hub.outcomes import record_receipt
from hub.ports import Inbound, Receipt
from hub.receive import accept
from hub.spool.folder import Folder, Waiting, mark_of
from hub.spool.letters import CRISIS, RECEIPT, TEXT, Letter, read, sender_of, write

log = structlog.get_logger()

T = TypeVar("T")
PATIENCE = 4.0  # seconds for the store; Twilio waits 15 s for an answer, and the disk needs its time too
LOOK_EVERY = 1.0  # seconds
AT_ONCE = 8  # senders whose texts are taken in at the same time


class Doors:
    def __init__(self, hub: Hub, folder: Folder) -> None:
        self._hub, self._folder = hub, folder
        self._away = False  # the store failed last time: it is not asked again for each text
        self._marks = Counter[str]()  # how many letters of each sender wait, as far as we know
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def accept(self, inbound: Inbound) -> int | None:
        """As `hub.receive.accept`; None also when it waits on disk.

        Raises `NotSpooled` when neither took it, and `NoChannel`.
        """
        return await self._take(inbound)

    async def record_receipt(self, receipt: Receipt) -> None:
        """As `hub.outcomes.record_receipt`. Raises `NotSpooled` when neither took it."""
        await self._take(receipt)

    def waiting(self) -> Waiting:
        return self._folder.waiting(self._hub.clock.now())

    def have_room(self) -> bool:
        """Whether one more letter could be written."""
        return self._folder.is_usable()

    async def keep_draining(self, stop: asyncio.Event) -> None:
        """Until `stop`. The edge of a job: whatever breaks, it goes on."""
        while not stop.is_set():
            try:
                await self.drain()
            except Exception:
                self._away = False  # a disk that fails must not keep us from a store that is back
                log.exception("spool_failed")
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOK_EVERY)

    async def drain(self) -> int:
        """Take in what waits, each sender's letters in order. Returns how many it was; 0 while the store is away."""
        with self._folder.alone() as alone:
            if not alone:
                return 0
            self._folder.take_up_halves(self._hub.clock.now())
            names = self._folder.names()
            self._marks = Counter(map(mark_of, names))
            if not names:
                self._away = False  # the next text finds out
                return 0
            taken = await self._drain(names)
        if taken:
            log.info("spool_drained", count=taken)
        return taken

    async def _drain(self, names: Iterable[str]) -> int:
        by_sender = defaultdict[str, list[str]](list)
        for name in names:
            by_sender[mark_of(name)].append(name)
        (first, *others) = by_sender.values()
        taken = await self._drain_one(first)  # alone: while the store is away, one failure is enough
        gate = asyncio.Semaphore(AT_ONCE)

        async def in_turn(letters: list[str]) -> int:
            async with gate:
                return 0 if self._away else await self._drain_one(letters)

        return taken + sum(await asyncio.gather(*map(in_turn, others)))

    async def _drain_one(self, names: list[str]) -> int:
        """One sender's letters, the first one first, until the store goes away."""
        for taken, name in enumerate(names):
            try:
                await self._take_out(name)
            except StoreUnavailable:
                self._away = True
                return taken
            self._away = False
        return len(names)

    async def _take_out(self, name: str) -> None:
        """Raises `StoreUnavailable`. What can never be taken in is set aside, so that it holds up no other."""
        try:
            letter = read(await asyncio.to_thread(self._folder.read, name))
            await _within_patience(self._store(letter))
            self._folder.remove(name)
        except FileNotFoundError:
            return
        except StoreUnavailable:
            raise
        except Exception:
            self._folder.set_aside(name)
            log.exception("spool_set_aside", file=name)
        self._marks -= Counter([mark_of(name)])

    async def _take(self, letter: Letter) -> int | None:
        mark = self._hub.vault.mark(sender_of(letter))
        async with self._turn(mark):
            if not self._away and not self._marks[mark]:
                try:
                    return await _within_patience(self._store(letter))
                except StoreUnavailable:
                    self._away = True
                    log.warning("store_unavailable", spool=True)
            await self._put(letter, mark)
            return None

    async def _put(self, letter: Letter, mark: str) -> None:
        name = self._folder.name(self._hub.clock.now(), mark, self._kind(letter))
        await asyncio.to_thread(self._folder.put, name, write(letter))
        self._marks[mark] += 1
        if name.endswith(CRISIS):
            # Nobody can be told while the store is away: whoever watches the logs and the measures must hear of it.
            log.error("crisis_text_waits", file=name, provider_id=letter.provider_message_id)
        else:
            log.info("spooled", file=name)

    def _kind(self, letter: Letter) -> str:
        if isinstance(letter, Receipt):
            return RECEIPT
        return CRISIS if self._hub.flows.safety.match(letter.text) else TEXT

    async def _store(self, letter: Letter) -> int | None:
        if isinstance(letter, Receipt):
            await record_receipt(self._hub, letter)
            return None
        return await accept(self._hub, letter)

    def _turn(self, mark: str) -> asyncio.Lock:
        """One at a time for each sender: the second text must not be stored while the first one's fate is open."""
        return self._turns.setdefault(mark, asyncio.Lock())


async def _within_patience(work: Awaitable[T]) -> T:
    """Raises `StoreUnavailable` also for a store that does not answer, and for one that has not our tables yet."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await work
    except (TimeoutError, NoConnectionFree, ProgrammingError, psycopg.ProgrammingError) as away:
        raise StoreUnavailable from away
