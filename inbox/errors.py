"""Errors as pages that say what to do. The log gets the details under the id that the page shows."""

from collections.abc import Mapping

import structlog
from fastapi import FastAPI, Request
from fastapi.exception_handlers import request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from hub.errors import (
    BadAddress,
    BadFile,
    BadWording,
    FileTooLarge,
    HandrailError,
    LinkDoesNotWork,
    MoveNotAllowed,
    NotAllowed,
    NotConfirmed,
    NotFound,
    ProviderAway,
    StoreUnavailable,
)
from hub.store.refs import new_ref
from inbox import respondent
from inbox.web import web_of

RETRY_AFTER = "30"  # seconds

STATUSES: Mapping[type[HandrailError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    MoveNotAllowed: 409,
    FileTooLarge: 413,
    BadFile: 422,
    BadAddress: 422,
    NotConfirmed: 422,
    ProviderAway: 503,
    BadWording: 422,
    StoreUnavailable: 503,
}

HEADINGS = {
    403: "You cannot do this",
    404: "Page not found",
    409: "This has changed since you opened it",
    413: "The file is too large",
    422: "There is a problem",
    503: "Sorry, the service is not available",
}
SORRY = "Sorry, there is a problem"

_log = structlog.get_logger(__name__)


def status_of(error: HandrailError) -> int:
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 500)


def add_error_pages(app: FastAPI) -> None:
    app.add_exception_handler(LinkDoesNotWork, _link_does_not_work)
    app.add_exception_handler(HandrailError, _handrail_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _not_a_form_of_ours)
    app.add_exception_handler(Exception, _unforeseen)


async def _link_does_not_work(request: Request, _error: Exception) -> Response:
    """Says nothing about whether there ever was such a link, nor whose it was."""
    return respondent.page_for_anybody(request, web_of(request), "link_wrong.html", status=404)


async def _handrail_error(request: Request, error: Exception) -> Response:
    status = status_of(error) if isinstance(error, HandrailError) else 500
    return _answer(request, status, str(error) if status < 500 or status == 503 else str(HandrailError()), error)


async def _http_error(request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 500)
    headers = getattr(error, "headers", None) or {}
    if 300 <= status < 400:
        return Response(status_code=status, headers=headers)
    words = str(NotFound()) if status == 404 else str(getattr(error, "detail", "")) or str(HandrailError())
    return _answer(request, status, words, error, headers)


async def _not_a_form_of_ours(request: Request, error: Exception) -> Response:
    """An address or a form that no page of ours makes; programs that use the API are told which field."""
    if request.url.path.startswith("/api/") and isinstance(error, RequestValidationError):
        return await request_validation_exception_handler(request, error)
    return _answer(
        request,
        422,
        "Something in the address or the form is not as it should be. Go back and try again.",
        error,
    )


async def _unforeseen(request: Request, error: Exception) -> Response:
    return _answer(request, 500, str(HandrailError()), error)


def _answer(
    request: Request, status: int, words: str, error: Exception, headers: Mapping[str, str] | None = None
) -> Response:
    error_id = new_ref()
    if status >= 500:
        # The route's template and no path: a path can hold a token.
        route = getattr(request.scope.get("route"), "path", "")
        _log.error("request failed", error_id=error_id, route=route, exc_info=error)
    extra = dict(headers or {}) | ({"Retry-After": RETRY_AFTER} if status == 503 else {})
    if request.url.path.startswith("/api/"):
        code = error.code if isinstance(error, HandrailError) else "http_error"
        return JSONResponse({"error": {"code": code, "message": words, "id": error_id}}, status, extra)
    if respondent.is_theirs(request.url.path):
        return _to_a_respondent(request, status, error_id, extra)
    heading = HEADINGS.get(status, SORRY)
    page = web_of(request).page(request, "error.html", status=status, heading=heading, words=words, error_id=error_id)
    page.headers.update(extra)
    return page


def _to_a_respondent(request: Request, status: int, error_id: str, headers: Mapping[str, str]) -> Response:
    """Their frame and words; an address that is none of ours is a link that does not work."""
    template = "link_wrong.html" if status in {404, 405, 422} else "respondent_sorry.html"
    page = respondent.page_for_anybody(
        request, web_of(request), template, status=404 if template == "link_wrong.html" else status, error_id=error_id
    )
    page.headers.update(headers)
    return page
