"""The phones: what each has sent and received, in order, and who watches. Knows no channel and no fault."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.ports import Choice, Media


@dataclass(frozen=True, slots=True)
class PhoneText:
    """One text as its owner sees it. `to_phone` tells whether it came from us."""

    provider_message_id: str
    to_phone: bool
    line_address: str
    text: str
    at: datetime
    choices: tuple[Choice, ...] = ()
    media: tuple[Media, ...] = ()
    message_id: int = 0  # the hub's own, for texts from us


class Phones:
    """All phones of one simulator, by address. For one event loop at a time."""

    def __init__(self) -> None:
        self._texts: defaultdict[str, list[PhoneText]] = defaultdict(list)
        self._changed = asyncio.Condition()

    @property
    def addresses(self) -> Sequence[str]:
        return list(self._texts)

    def texts(self, address: str) -> Sequence[PhoneText]:
        """Both directions, oldest first."""
        return tuple(self._texts.get(address, ()))

    def received(self, address: str) -> Sequence[PhoneText]:
        """What we sent to this phone, oldest first."""
        return tuple(text for text in self.texts(address) if text.to_phone)

    async def add(self, address: str, text: PhoneText) -> None:
        async with self._changed:
            self._texts[address].append(text)
            self._changed.notify_all()

    async def wait_for_text(self, address: str, count: int = 1) -> PhoneText:
        """Wait until the phone has received `count` texts from us; returns it. Bound it with a timeout."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.received(address)) >= count)
        return self.received(address)[count - 1]

    async def stream(self, address: str, *, seen: int | None = None) -> AsyncIterator[PhoneText]:
        """Every text after the first `seen` as it happens (default: after all that are there now)."""
        position = len(self.texts(address)) if seen is None else seen
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: len(self.texts(address)) > position)  # noqa: B023
            for text in self.texts(address)[position:]:
                position += 1
                yield text
