"""One Telegram bot as a `Channel`: sends texts with buttons, reads updates into `Inbound`.

Must not know consent, wording or the store: it carries what it is given.
"""

# ruff: noqa: ARG002  # a port gives more than every channel needs
import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

import httpx
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from hub.errors import Refused, TryLater, Uncertain
from hub.ports import Accepted, Choice, Clock, Inbound, Outgoing
from hub.words import ChannelKind
from integrations.channels.telegram.codes import refusal_of

API_BASE_URL = "https://api.telegram.org"
MAX_CALLBACK_BYTES = 64  # https://core.telegram.org/bots/api#inlinekeyboardbutton

# httpx fails like this before a request is written, so Telegram cannot have seen it.
NOT_WRITTEN = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

# A gateway that gave up waiting cannot say whether the text left. The library keeps only the sentence.
GATEWAY_SIGNS = ("Bad Gateway", "Gateway Timeout", "(502)", "(504)")


class TelegramChannel:
    """One bot, hence one line. `line_address` is the bot's name, as the hub's line has it.

    `secret_token` is what Telegram must send with each webhook (1–256 of A–Z a–z 0–9 _ -). `base_url` points
    the bot at another server that speaks the Bot API.
    """

    kind = ChannelKind.TELEGRAM

    def __init__(
        self,
        token: str,
        *,
        line_address: str,
        secret_token: str,
        clock: Clock,
        base_url: str | None = None,
        timeout_seconds: float = 10.0,
    ) -> None:
        api = (base_url or API_BASE_URL).rstrip("/")
        self.line_address = line_address
        self.secret_token = secret_token
        self.clock = clock
        self.file_base_url = f"{api}/file/bot{token}/"
        self._requests = [
            _requests(timeout_seconds, connections=32),
            _requests(timeout_seconds, connections=1),
        ]
        self.bot = Bot(
            token,
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=self._requests[0],
            get_updates_request=self._requests[1],
        )
        # httpx writes each URL to its log, and in Telegram's URLs stands the bot's token.
        logging.getLogger("httpx").setLevel(logging.WARNING)

    async def send(self, outgoing: Outgoing) -> Accepted:
        """One text, its choices as buttons under it. Raises `TryLater`, `Refused` or `Uncertain`."""
        with sending():
            sent = await self.bot.send_message(
                chat_id=outgoing.to, text=outgoing.text, reply_markup=buttons(outgoing.choices)
            )
        return Accepted(f"{self.line_address}-{sent.message_id}")

    async def find_sent(self, outgoing: Outgoing, since: datetime, known: Collection[str] = ()) -> Accepted | None:
        """Always raises `Uncertain`: the Bot API gives a bot no way to read what it has sent."""
        raise Uncertain("Telegram keeps no list that a bot can read.")

    async def set_webhook(self, public_url: str) -> None:
        """Tell Telegram where to bring texts, and which secret to bring with them. Raises `TryLater` or `Refused`."""
        with sending():
            await self.bot.set_webhook(f"{public_url}/webhooks/telegram", secret_token=self.secret_token)

    async def received_since(self, line_address: str, since: datetime) -> Sequence[Inbound]:
        """Empty: Telegram itself repeats an update until it is taken, so nothing is left to fetch."""
        return []

    async def aclose(self) -> None:
        """Close the connections to Telegram."""
        for requests in self._requests:
            await requests.shutdown()


def _requests(timeout_seconds: float, *, connections: int) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=connections,
        read_timeout=timeout_seconds,
        write_timeout=timeout_seconds,
        connect_timeout=timeout_seconds / 2,
        pool_timeout=timeout_seconds,
    )


def buttons(choices: Sequence[Choice]) -> InlineKeyboardMarkup | None:
    """One button a row, so that long labels stay readable on a narrow phone.

    None when there are no choices, or when a reply is longer than a button can carry back: the text alone
    already names the numbers.
    """
    if not choices or any(len(choice.reply.encode()) > MAX_CALLBACK_BYTES for choice in choices):
        return None
    return InlineKeyboardMarkup([[InlineKeyboardButton(c.label, callback_data=c.reply)] for c in choices])


@contextmanager
def sending() -> Iterator[None]:
    """Around a request that sends: the library's errors in the hub's words.

    The library's class tree makes `BadRequest` a `NetworkError`, so the refusals come first.
    """
    try:
        yield
    except RetryAfter as error:
        raise TryLater("Telegram asked us to slow down.", code="429", after=_wait(error)) from None
    except InvalidToken:
        raise TryLater("Telegram does not know this bot's token.", code="401") from None
    except (Forbidden, BadRequest, ChatMigrated) as error:
        refusal = refusal_of(error)
        raise Refused("Telegram refused.", code=refusal.code, meaning=refusal.meaning) from None
    except NetworkError as error:
        raise _broken(error) from None
    except TelegramError:
        raise Uncertain("Telegram's answer could not be read.") from None


def _broken(error: NetworkError) -> TryLater | Uncertain:
    cause = error.__cause__
    if isinstance(cause, NOT_WRITTEN):
        return TryLater("Telegram cannot be reached.")
    if isinstance(cause, httpx.HTTPError):
        return Uncertain("The connection to Telegram broke.")
    if any(sign in error.message for sign in GATEWAY_SIGNS):
        return Uncertain("A gateway gave up waiting for Telegram.")
    # Any other 5xx is the Bot API's own answer: it refused the call as a whole.
    return TryLater("Telegram has a fault of its own.", code="5xx")


def _wait(error: RetryAfter) -> timedelta:
    seconds = error.retry_after
    return seconds if isinstance(seconds, timedelta) else timedelta(seconds=seconds)
