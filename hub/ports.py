"""What the hub asks of the outside world, as protocols and frozen values. Knows no provider and no SDK.

Everything that implements a port lives in `integrations/`; `handrail/wiring.py` alone puts them together.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from hub.words import Awaiting, ChannelKind, Role


class Clock(Protocol):
    def now(self) -> datetime:
        """The aware time, UTC."""
        ...


# --- in -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Media:
    """A photo or file that came with a text. `content` is as received: nothing has looked inside it yet."""

    content: bytes
    declared_type: str  # the provider's or the browser's word for it, never trusted
    name: str = ""
    refused: str = ""  # an error code of `hub.errors` when the channel itself could not take it, e.g. "file_too_large"


@dataclass(frozen=True, slots=True)
class Inbound:
    """One text as a channel received it, translated from the provider's words."""

    line_address: str  # our own address that it came to: E.164 number, bot name, chat site
    channel: ChannelKind
    sender: str  # the person's address on that channel: E.164 number, chat id, chat token
    provider_message_id: str  # unique per line; the same id again is the same message
    text: str
    received_at: datetime
    media: tuple[Media, ...] = ()
    provider_keyword: str = ""  # "STOP", "START" or "HELP" where the provider has already acted (Twilio OptOutType)
    sent_at: datetime | None = None  # by the provider's own clock, where it says so


# --- out ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """A short answer that can be tapped. `reply` is what comes back as text when it is."""

    reply: str
    label: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message ready to leave: rendered, counted and allowed."""

    message_id: int
    line_address: str
    to: str
    text: str
    choices: tuple[Choice, ...] = ()  # channels without buttons send `text` alone: it already names the numbers
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has taken the message."""

    provider_message_id: str


class Channel(Protocol):
    """A way out. Only plain text is mandatory.

    `send` raises `hub.errors.TryLater`, `Refused` or `Uncertain`, nothing else.
    """

    kind: ChannelKind

    async def send(self, outgoing: Outgoing) -> Accepted: ...

    async def find_sent(self, outgoing: Outgoing, since: datetime, known: Collection[str] = ()) -> Accepted | None:
        """Ask the provider whether this message left after `since` (for an attempt that crashed half-way).

        `known` are the provider's ids of other messages: two texts with the same words are not taken for one.

        None means: it did not leave. Raises `TryLater` when the provider cannot say now and `Uncertain`
        when it can never say.
        """
        ...

    async def received_since(self, line_address: str, since: datetime) -> Sequence[Inbound]:
        """The provider's own list of inbound texts, for what a webhook missed; empty where it keeps none."""
        ...


class Channels(Protocol):
    def for_line(self, line_address: str, kind: ChannelKind) -> Channel:
        """The channel that serves a line. Raises `hub.errors.NoChannel`."""
        ...


class DeliveryStatus:
    """Words that a receipt can carry; the provider's own are translated in its `codes.py`."""

    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a provider says later about a message that it took."""

    provider_message_id: str
    status: str  # one of DeliveryStatus
    code: str = ""  # the provider's code, kept as evidence
    meaning: str = ""  # a key of `hub.delivery.MEANINGS`


# --- understanding --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Turn:
    """One inbound text with its context: all that the assistant may know."""

    conversation: str  # an opaque id, never a number or a name
    text: str
    awaiting: Awaiting = Awaiting.NOTHING
    role: Role = Role.SUPERVISED
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Command:
    """A named thing to do, with what was read out of the text (`rating`, `choice`, `code`, `time`, `language`…)."""

    do: str
    entities: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was made of a turn."""

    commands: tuple[Command, ...]
    decided_by: str  # "keyword", "safety", "exact" or "assistant"
    intent: str = ""
    confidence: float = 1.0
    runners_up: tuple[tuple[str, float], ...] = ()


class Assistant(Protocol):
    async def decide(self, turn: Turn) -> Decision:
        """Raises `hub.errors.AssistantUnavailable`."""
        ...


# --- files ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A file that is what it says: sniffed, limited, re-encoded, without place data.

    What was taken out is kept apart: `place` (latitude, longitude) and `taken_at`, which is naive where the camera did
    not say its time zone. `likeness` is 64 bits that a smaller copy of the same picture has too. `seconds`: how long a
    sound is; then `content` is a copy to be played, and the file as it came is kept as well.
    """

    content: bytes
    content_type: str
    place: tuple[float, float] | None = None
    taken_at: datetime | None = None
    likeness: int | None = None
    seconds: float | None = None


class Files(Protocol):
    async def clean(self, content: bytes, declared_type: str) -> CleanFile:
        """Raises `hub.errors.BadFile`, `FileTooLarge`, `HarmfulFile`, or `ScannerAway` when it has to wait."""
        ...


class Transcriber(Protocol):
    """Writes down speech, on this machine: no voice leaves it. What it gives is a draft, and marked as one."""

    @property
    def name(self) -> str:
        """Of the model: the draft is marked with it."""
        ...

    @property
    def languages(self) -> frozenset[str]:
        """That it understands."""
        ...

    async def transcribe(self, sound: bytes) -> str:
        """The words of a sound as `Files.clean` gives it; empty where it hears none. Raises `hub.errors.NotHeard`."""
        ...


# --- workers' accounts elsewhere --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that was sent to the provider: what has to come back with the worker. `address` is where they go."""

    address: str
    state: str
    nonce: str
    verifier: str  # PKCE (RFC 7636)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the provider says that it is. Signed, for us, for this sign-in, in time: all of that is checked already."""

    issuer: str
    subject: str  # stays when the e-mail changes
    email: str
    email_verified: bool
    second_factor: bool  # the provider says that it asked for one, in words that our settings accept


class IdentityProvider(Protocol):
    name: str  # as the button says it

    async def begin(self, back_to: str) -> Begun:
        """Raises `hub.errors.ProviderAway`."""
        ...

    async def finish(self, code: str, begun: Begun, back_to: str) -> Identity:
        """Raises `hub.errors.ProviderAway`, and `NotConfirmed` for whatever is not as it must be."""
        ...
