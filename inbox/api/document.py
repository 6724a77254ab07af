"""The OpenAPI document, and the same as a plain page without JavaScript. Must not know any route by name."""

from pathlib import Path
from typing import Any

from fastapi.openapi.utils import get_openapi
from jinja2 import Environment, FileSystemLoader
from starlette.routing import BaseRoute

from hub import errors
from inbox.api.problems import MEDIA_TYPE, FieldProblem, ProblemDetails

ABOUT = """\
People, check-ins, cases and appointments in and out of Handrail, for the programs of an agency.

- **Keys.** Send `Authorization: Bearer hk_…`. A key belongs to one agency and sees one side, supervision or \
victims; what is on the other side is not found.
- **Once.** Send an `Idempotency-Key` with every POST and PATCH. A repeat with the same body gets the first \
answer; the same key with another body is refused.
- **Pages.** Lists give `items` and `next`; send `next` back as `cursor` until it is null.
- **Problems.** Errors are problem details (RFC 9457) with a stable `code` and a sentence for people.
- **Times.** ISO 8601 with a zone. We answer in UTC.
- **Personal data.** Names and numbers are given by one request a person, and each such look is recorded.
"""
PROBLEMS = {
    "401": "No key, or one that does not work.",
    "404": "Nothing with that reference that this key may see.",
    "409": "It clashes with what is there.",
    "422": "Something in the request is missing or wrong.",
    "503": "The database cannot be reached. Try again after `Retry-After` seconds.",
}
_SCHEMAS = "#/components/schemas/{model}"
_pages = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True)


def openapi(routes: list[BaseRoute]) -> dict[str, Any]:
    """The document of these routes; every error is described once, as problem details."""
    document = get_openapi(title="Handrail API", version="1", description=ABOUT, routes=routes)
    schemas = document["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for model in (ProblemDetails, FieldProblem):
        schema = model.model_json_schema(ref_template=_SCHEMAS)
        schema.pop("$defs", None)
        schemas[model.__name__] = schema
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"].update({status: _problem(words) for status, words in PROBLEMS.items()})
    return document


def page(document: dict[str, Any]) -> str:
    """The document for people to read."""
    operations = [
        {"path": path, "method": method.upper(), **operation}
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    return _pages.get_template("docs.html").render(
        about=ABOUT.splitlines(),
        operations=operations,
        schemas=document["components"]["schemas"],
        codes=codes(),
    )


def codes() -> dict[str, str]:
    """The code and the sentence of every error of the hub."""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    return {
        kind().code: " ".join((kind.__doc__ or "").split()) for kind in kinds if issubclass(kind, errors.HandrailError)
    }


def _problem(words: str) -> dict[str, Any]:
    schema = {"$ref": _SCHEMAS.format(model=ProblemDetails.__name__)}
    return {"description": words, "content": {MEDIA_TYPE: {"schema": schema}}}
