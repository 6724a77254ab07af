"""Trial mode: only listed addresses get anything; every other text is refused, visibly. Knows no channel."""

from collections.abc import Collection, Sequence
from datetime import datetime

from hub.errors import Refused
from hub.ports import Accepted, Channel, Channels, Inbound, Outgoing
from hub.words import ChannelKind


class OnlyListed:
    """Wraps the real channels; implements `hub.ports.Channels`."""

    def __init__(self, channels: Channels, addresses: Collection[str]) -> None:
        self._channels, self._addresses = channels, frozenset(addresses)

    def for_line(self, line_address: str, kind: ChannelKind) -> Channel:
        return _Guard(self._channels.for_line(line_address, kind), self._addresses)


class _Guard:
    def __init__(self, channel: Channel, addresses: frozenset[str]) -> None:
        self.kind = channel.kind
        self._channel, self._addresses = channel, addresses

    async def send(self, outgoing: Outgoing) -> Accepted:
        # A web chat is our own page: nothing leaves the machine.
        if outgoing.to not in self._addresses and self.kind is not ChannelKind.WEBCHAT:
            raise Refused("In trial mode only the addresses on the list get texts.", meaning="trial")
        return await self._channel.send(outgoing)

    async def find_sent(self, outgoing: Outgoing, since: datetime, known: Collection[str] = ()) -> Accepted | None:
        return await self._channel.find_sent(outgoing, since, known)

    async def received_since(self, line_address: str, since: datetime) -> Sequence[Inbound]:
        return await self._channel.received_since(line_address, since)
