"""Photos and files that came with a text, fetched from Twilio with the account's own credentials.

Must not look inside them: they are untrusted until the hub has.
"""

import asyncio
from collections.abc import Sequence

import httpx

from hub.ports import Media
from integrations.channels.limited_download import download

# Twilio's API answers a media request with a redirect to its store
# (https://www.twilio.com/docs/messaging/api/media-resource); these are its names.
MEDIA_STORES = ("media.twiliocdn.com", "mms.twiliocdn.com", "s3-external-1.amazonaws.com")


class MediaFetcher:
    """Fetches for one account, from the API's own host and the stores that it redirects to."""

    def __init__(self, credentials: tuple[str, str], api_base_url: str) -> None:
        self._credentials = credentials
        self._api = httpx.URL(api_base_url)

    async def fetch_all(self, links: Sequence[tuple[str, str]]) -> tuple[Media, ...]:
        """`links` are pairs of URL and declared type. Never raises: a failure says so in `refused`."""
        fetched = [download(url, kind, allowed=self._allowed, auth=self._credentials) for url, kind in links]
        return tuple(await asyncio.gather(*fetched))

    def _allowed(self, url: httpx.URL) -> bool:
        if (url.scheme, url.host, url.port) == (self._api.scheme, self._api.host, self._api.port):
            return True
        return url.scheme == "https" and url.host in MEDIA_STORES
