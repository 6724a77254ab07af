"""The HTTP client that the Twilio SDK speaks through: time limits, silence, and errors in the hub's words.

Knows nothing of messages: only whether a request can have left.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    encode_basic_auth,
)
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response

from hub.errors import Refused, TryLater, Uncertain
from integrations.channels.sms_twilio.codes import code_of

# A gateway that gave up waiting cannot say whether Twilio behind it took the message.
GATEWAY_STATUSES = {502, 504}


class QuietHttpClient(AsyncHttpClient):  # type: ignore[misc]  # the SDK ships no types
    """What the Twilio SDK sends its requests through. Must be made inside a running event loop.

    The SDK's own async client (9.13) waits for ever whatever `timeout` it is given, drops Retry-After, passes
    credentials in a way that aiohttp gives up, and logs URLs, in which phone numbers stand. Hence this one.
    """

    def __init__(self, timeout_seconds: float) -> None:
        super().__init__(logging.getLogger(__name__), is_async=True)
        limits = ClientTimeout(total=timeout_seconds, connect=timeout_seconds / 2)
        self._session = ClientSession(timeout=limits)

    async def request(  # the SDK decides what it passes
        self,
        method: str,
        uri: str,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109  # the SDK never gives one; the session has ours
        allow_redirects: bool = False,
    ) -> Response:
        """Raises `TryLater` with the wait that Twilio asks for on a 429, and aiohttp's errors."""
        if auth:
            headers = {**(headers or {}), "Authorization": encode_basic_auth(*auth)}
        asked = self._session.request(
            method, uri, params=params, data=data, headers=headers, allow_redirects=allow_redirects
        )
        async with asked as answer:
            if answer.status == 429:
                raise TryLater("Twilio asked us to slow down.", code="20429", after=_retry_after(answer))
            return Response(answer.status, await answer.text(), answer.headers)

    async def close(self) -> None:
        await self._session.close()


def _retry_after(answer: ClientResponse) -> timedelta | None:
    seconds = answer.headers.get("Retry-After", "")
    return timedelta(seconds=int(seconds)) if seconds.isdecimal() else None


@contextmanager
def sending() -> Iterator[None]:
    """Around a request that sends: `TryLater` when it cannot have left, `Uncertain` when it may have.

    Twilio's sentences are left out of our errors (`from None`): they repeat the person's number.
    """
    try:
        yield
    except (TwilioRestException, TwilioServiceException) as error:
        raise _answered(error.status, error.code) from None
    except (ClientConnectorError, ConnectionTimeoutError) as error:
        raise TryLater("Twilio cannot be reached.") from error
    except (ClientError, OSError, TimeoutError, json.JSONDecodeError) as error:
        raise Uncertain("The connection to Twilio broke.") from error


@contextmanager
def asking() -> Iterator[None]:
    """Around a request that only reads: whatever goes wrong, it can be asked again, so always `TryLater`."""
    try:
        with sending():
            yield
    except (TwilioException, Refused, Uncertain):
        raise TryLater("Twilio did not answer a question.") from None


def _answered(status: int, number: int | None) -> TryLater | Refused | Uncertain:
    detail = f"Twilio answered {status}, code {number}."
    if status in GATEWAY_STATUSES:
        return Uncertain(detail)
    code = code_of(number)
    if code.retry or not 400 <= status < 500:
        return TryLater(detail, code=str(number))
    return Refused(detail, code=str(number), meaning=code.meaning)
