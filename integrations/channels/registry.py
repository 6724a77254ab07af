"""Which channel serves which line. Must not know how any of them works."""

from collections.abc import Mapping
from typing import Self

from hub.errors import NoChannel
from hub.ports import Channel
from hub.words import ChannelKind


class ChannelRegistry:
    """Implements `hub.ports.Channels`: a channel of its own for a line, or the one for all lines of a kind.

    `lines` maps (kind, our address) to a channel: two Telegram bots, a second Twilio account.
    """

    def __init__(
        self,
        by_kind: Mapping[ChannelKind, Channel] | None = None,
        lines: Mapping[tuple[ChannelKind, str], Channel] | None = None,
    ) -> None:
        self._by_kind = dict(by_kind or {})
        self._lines = dict(lines or {})

    @classmethod
    def everywhere(cls, channel: Channel) -> Self:
        """One channel for every kind of line: the simulator."""
        return cls(dict.fromkeys(ChannelKind, channel))

    def for_line(self, line_address: str, kind: ChannelKind) -> Channel:
        """Raises `NoChannel`."""
        channel = self._lines.get((kind, line_address)) or self._by_kind.get(kind)
        if channel is None:
            raise NoChannel(f"Kind: {kind.value}.")
        return channel
