"""docs/roles.md: which role may open which page, read off the pages' own dependencies so that it cannot drift.

Knows no page by name.
"""

from collections.abc import Iterator

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from hub.words import WorkerRole
from inbox.login import Only, signed_in
from inbox.pages import ROUTERS
from inbox.public import PUBLIC, is_public

HEAD = """# Who may open which page

Every page names the roles that may open it (`inbox/login.py`). Whoever has another role is told so (403). Which people
a role sees on a page, `hub/access.py` says: a person who is not theirs is not there (404).
"""


def roles_page(made: str) -> str:
    roles = list(WorkerRole)
    rows = [_row(path, methods, allowed, roles) for path, methods, allowed in sorted(_staff())]
    head = [f"| Page | {' | '.join(roles)} |", f"|---|{'---|' * len(roles)}"]
    public = [f"| `{path}` | {why} |" for path, why in PUBLIC.items()]
    table = "\n".join([*head, *rows])
    others = "\n".join(["| Page | What protects it |", "|---|---|", *public])
    return f"{made}\n{HEAD}\n{table}\n\n## Without signing in\n\n{others}\n"


def _staff() -> Iterator[tuple[str, str, frozenset[WorkerRole]]]:
    """(path, method, roles) of each route of workers."""
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute) and not is_public(route.path):
                yield route.path, ", ".join(sorted((route.methods or set()) - {"HEAD"})), allowed(route)


def allowed(route: APIRoute) -> frozenset[WorkerRole]:
    """The roles that may call it: those of all its dependencies together; nobody where none asks who it is."""
    asked = set(_calls(route.dependant))
    roles = frozenset(WorkerRole) if signed_in in asked else frozenset()
    for call in asked:
        roles = roles & call.roles if isinstance(call, Only) else roles
    return roles


def _calls(dependant: Dependant) -> Iterator[object]:
    yield dependant.call
    for below in dependant.dependencies:
        yield from _calls(below)


def _row(path: str, methods: str, allowed_: frozenset[WorkerRole], roles: list[WorkerRole]) -> str:
    marks = " | ".join("yes" if role in allowed_ else "–" for role in roles)
    return f"| {methods} `{path}` | {marks} |"
