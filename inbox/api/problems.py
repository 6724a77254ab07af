"""What goes wrong, told to programs: problem details (RFC 9457) with a stable code and a sentence.

Must not know what was asked: no value of a request comes back in a problem.
"""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from sqlalchemy.exc import IntegrityError

from hub import errors

MEDIA_TYPE = "application/problem+json"
WRONG_FIELDS = "Some fields are missing or wrong. Correct them and send it again."

# The first that fits counts, so the narrower stand first.
STATUS: tuple[tuple[type[errors.HandrailError], int], ...] = (
    (errors.SharedNumber, 409),
    (errors.BadAddress, 422),
    (errors.BadFile, 422),
    (errors.BadWording, 422),
    (errors.NotFound, 404),
    (errors.NotAllowed, 403),
    (errors.SidesMeet, 403),
    (errors.MoveNotAllowed, 409),
    (errors.StoreUnavailable, 503),
)


class FieldProblem(BaseModel):
    field: str = Field(examples=["body.mobile"])
    sentence: str = Field(examples=["Field required"])


class ProblemDetails(BaseModel):
    """RFC 9457. `code` is stable; `title` and `detail` are sentences for people and may be reworded."""

    type: str = Field(examples=["/api/docs#landline"])
    title: str = Field(examples=["This is a landline. Enter a mobile number instead."])
    status: int = Field(examples=[422])
    code: str = Field(examples=["landline"])
    detail: str = ""
    fields: list[FieldProblem] = []


class Problem(Exception):
    """An answer that only HTTP knows of: no key, a key used twice, a wrong cursor."""

    def __init__(self, status: int, code: str, title: str) -> None:
        super().__init__(title)
        self.status, self.code, self.title = status, code, title


class FieldProblems(Exception):
    """What is wrong with what was sent, field by field, in sentences for people."""

    def __init__(self, fields: Sequence[tuple[str, str]]) -> None:
        super().__init__("fields")
        self.fields = [{"field": field, "sentence": sentence} for field, sentence in fields]


class ProblemRoute(APIRoute):
    """A route that answers errors as problems, wherever it is mounted."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except Problem as problem:
                return respond(problem.status, problem.code, problem.title)
            except FieldProblems as wrong:
                return respond(422, "invalid_request", WRONG_FIELDS, fields=wrong.fields)
            except errors.HandrailError as error:
                return of_error(error)
            except RequestValidationError as invalid:
                return of_fields(invalid)
            except IntegrityError:  # two requests made the same thing at once: the store lets one through
                return respond(409, "already_there", "There is one with that reference already.")

        return answer


def of_error(error: errors.HandrailError) -> Response:
    status = next((number for kind, number in STATUS if isinstance(error, kind)), 500)
    title = " ".join((type(error).__doc__ or "").split())
    headers = {"Retry-After": "5"} if status == 503 else {}
    return respond(status, error.code, title, detail=error.detail, headers=headers)


def of_fields(invalid: RequestValidationError) -> Response:
    fields = [
        {"field": ".".join(str(part) for part in error["loc"]), "sentence": error["msg"]} for error in invalid.errors()
    ]
    return respond(422, "invalid_request", WRONG_FIELDS, fields=fields)


def respond(
    status: int,
    code: str,
    title: str,
    *,
    detail: str = "",
    fields: list[dict[str, str]] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    where = f"/api/docs#{code}"
    body = {
        "type": where,
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
        "fields": fields or [],
    }
    challenge = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return JSONResponse(body, status, media_type=MEDIA_TYPE, headers={**challenge, **(headers or {})})
