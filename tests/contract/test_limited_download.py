"""Fetching what strangers sent: redirects are followed where allowed, and credentials stay at home."""

import httpx
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Route

from integrations.channels.limited_download import download
from tests.peers.serving import serving

CREDENTIALS = ("user", "a password for the first host only")


def anywhere(_: httpx.URL) -> bool:
    return True


async def test_a_redirect_to_a_store_is_followed_without_our_credentials():
    seen = []

    async def store(request):
        seen.append(request.headers.get("authorization"))
        return PlainTextResponse("the photo")

    async with serving(Starlette(routes=[Route("/photo", store)])) as store_url:

        async def api(request):
            seen.append(request.headers.get("authorization"))
            return RedirectResponse(f"{store_url}/photo")

        async with serving(Starlette(routes=[Route("/media", api)])) as api_url:
            media = await download(f"{api_url}/media", "image/jpeg", allowed=anywhere, auth=CREDENTIALS)
    assert (media.content, media.refused) == (b"the photo", "")
    assert seen[0].startswith("Basic ")
    assert seen[1] is None


async def test_redirects_without_end_are_given_up():
    async def round_and_round(_):
        return RedirectResponse("/again")

    async with serving(Starlette(routes=[Route("/again", round_and_round)])) as url:
        media = await download(f"{url}/again", "image/jpeg", allowed=anywhere)
    assert (media.content, media.refused) == (b"", "bad_file")


async def test_what_is_not_there_is_refused():
    async with serving(Starlette()) as url:
        media = await download(f"{url}/nothing", "image/jpeg", allowed=anywhere)
    assert media.refused == "bad_file"
