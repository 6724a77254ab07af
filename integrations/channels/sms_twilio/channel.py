"""Twilio as a `Channel`: sends a text, finds one that may have left, lists what came in.

Must not know consent, wording or the store: it carries what it is given.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from twilio.base import values
from twilio.rest import Client

from hub.errors import Uncertain
from hub.ports import Accepted, Clock, Inbound, Media, Outgoing
from hub.words import ChannelKind
from integrations.channels.sms_twilio.http import QuietHttpClient, asking, sending
from integrations.channels.sms_twilio.media import MediaFetcher

API_BASE_URL = "https://api.twilio.com"
VALIDITY_SECONDS = (
    1,
    36_000,
)  # the accepted range of ValidityPeriod, by Twilio's page on the Message resource
CLOCK_SKEW = timedelta(seconds=5)  # our clock and Twilio's may differ; theirs also has whole seconds only
RECENT = 100  # texts to one person that are looked through; nobody gets more between a crash and its repair
PAGE_SIZE = 200


class TwilioSms:
    """One Twilio account. Serves every line whose number belongs to it.

    `api_base_url` points it at another server that speaks Twilio's API (tests, a regional edge).
    `status_callback_url` is where Twilio reports delivery: our public URL ending in /webhooks/sms/status.
    """

    kind = ChannelKind.SMS

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        *,
        status_callback_url: str,
        clock: Clock,
        api_base_url: str | None = None,
        timeout_seconds: float = 10.0,
    ) -> None:
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.clock = clock
        self.media = MediaFetcher((account_sid, auth_token), api_base_url or API_BASE_URL)
        self.status_callback_url = status_callback_url
        self._api_base_url = api_base_url or API_BASE_URL
        self._timeout_seconds = timeout_seconds
        self._client: Any = None

    async def send(self, outgoing: Outgoing) -> Accepted:
        """Hand one text to Twilio. Raises `TryLater`, `Refused` or `Uncertain`."""
        with sending():
            message = await self._messages.create_async(
                to=outgoing.to,
                from_=outgoing.line_address,
                body=outgoing.text,
                status_callback=self.status_callback_url,
                validity_period=self._validity(outgoing.expires_at),
            )
        return Accepted(message.sid)

    async def find_sent(self, outgoing: Outgoing, since: datetime, known: Collection[str] = ()) -> Accepted | None:
        """Look for the text among the latest from our line to this person.

        By creation time, not by Twilio's DateSent filter: a text still in its queue has no DateSent yet and
        would be missed, then sent twice. Raises `TryLater`, or `Uncertain` where the account redacts bodies.
        """
        with asking():
            listed = await self._messages.list_async(
                to=outgoing.to, from_=outgoing.line_address, limit=RECENT, page_size=RECENT
            )
        earliest = since - CLOCK_SKEW
        recent = [
            m
            for m in listed
            if m.direction != "inbound" and m.sid not in known and (m.date_created or earliest) >= earliest
        ]
        for message in recent:
            if (message.body or "").strip() == outgoing.text.strip():
                return Accepted(message.sid)
        if any(not message.body for message in recent):
            raise Uncertain("Twilio keeps no texts for this account (redaction).")
        return None

    async def received_since(self, line_address: str, since: datetime) -> Sequence[Inbound]:
        """Every inbound text to the line since then, oldest first, photos included. Raises `TryLater`."""
        earliest = since.astimezone(UTC).replace(microsecond=0) - CLOCK_SKEW
        with asking():
            listed = await self._messages.list_async(to=line_address, date_sent_after=earliest, page_size=PAGE_SIZE)
            # Twilio promises this filter by the day only.
            found = [m for m in listed if m.direction == "inbound" and (m.date_sent or earliest) >= earliest]
            return [await self._inbound(message) for message in sorted(found, key=_age)]

    async def aclose(self) -> None:
        """Close the connections to Twilio."""
        if self._client is not None:
            await self._client.http_client.close()
            self._client = None

    @property
    def _messages(self) -> Any:
        # Made on first use: its HTTP session belongs to the event loop that it is made in.
        if self._client is None:
            http_client = QuietHttpClient(self._timeout_seconds)
            self._client = Client(self.account_sid, self.auth_token, http_client=http_client)
            self._client.api.base_url = self._api_base_url
        return self._client.messages

    def _validity(self, expires_at: datetime | None) -> Any:
        if expires_at is None:
            return values.unset
        shortest, longest = VALIDITY_SECONDS
        seconds = int((expires_at - self.clock.now()).total_seconds())
        return max(shortest, min(seconds, longest))

    async def _inbound(self, message: Any) -> Inbound:
        return Inbound(
            line_address=message.to,
            channel=self.kind,
            sender=message.from_,
            provider_message_id=message.sid,
            text=message.body or "",
            received_at=message.date_sent or message.date_created or self.clock.now(),
            sent_at=message.date_sent or message.date_created,
            media=await self._media_of(message),
        )

    async def _media_of(self, message: Any) -> tuple[Media, ...]:
        if int(message.num_media or 0) == 0:
            return ()
        listed = await self._messages(message.sid).media.list_async()
        return await self.media.fetch_all(
            [(self._api_base_url + item.uri.removesuffix(".json"), item.content_type) for item in listed]
        )


def _age(message: Any) -> datetime:
    when: datetime = message.date_sent or message.date_created
    return when
