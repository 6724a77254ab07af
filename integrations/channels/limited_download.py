"""Download a file that a stranger sent, at most 10 MB, only from where it may lie.

Must not know any provider: the caller names the URL, the credentials and the hosts allowed.
"""

import ssl
from collections.abc import Callable
from functools import cache

import httpx

from hub.errors import BadFile, FileTooLarge
from hub.ports import Media

MAX_BYTES = 10 * 1024 * 1024  # the limit that `hub.errors.FileTooLarge` tells people
TIMEOUT_SECONDS = 10.0
MAX_REDIRECTS = 3


async def download(
    url: str,
    declared_type: str,
    *,
    allowed: Callable[[httpx.URL], bool],
    auth: tuple[str, str] | None = None,
    name: str = "",
) -> Media:
    """The file, or a `Media` with `refused` set to the error's code: a text never fails because of its photo.

    `allowed` judges every hop, so that neither a forged link nor a redirect can make us fetch from inside
    our own network. httpx itself drops the credentials when a redirect leaves the host.
    """
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS, verify=_trusted()) as http:
            content = await _read(http, httpx.URL(url), allowed, auth)
    except (FileTooLarge, BadFile) as error:
        return Media(b"", declared_type, name, refused=error.code)
    except (httpx.HTTPError, httpx.InvalidURL):
        return Media(b"", declared_type, name, refused=BadFile().code)
    return Media(content, declared_type, name)


@cache
def _trusted() -> ssl.SSLContext:
    """Read once: it takes some 50 ms, during which no other webhook would be answered."""
    return httpx.create_ssl_context()


async def _read(
    http: httpx.AsyncClient,
    url: httpx.URL,
    allowed: Callable[[httpx.URL], bool],
    auth: tuple[str, str] | None,
) -> bytes:
    request = http.build_request("GET", url)
    for _ in range(1 + MAX_REDIRECTS):
        if not allowed(request.url):
            raise BadFile
        response = await http.send(request, stream=True, auth=auth if request.url.netloc == url.netloc else None)
        try:
            if response.next_request is None:
                return await _content(response)
            request = response.next_request
        finally:
            await response.aclose()
    raise BadFile


async def _content(response: httpx.Response) -> bytes:
    response.raise_for_status()
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > MAX_BYTES:
            raise FileTooLarge
    return bytes(content)
