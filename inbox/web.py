"""What every page gets: the hub, the settings, the templates, the live signals. One object an app."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from hub.core import Hub
from hub.imports import Imports
from hub.ports import IdentityProvider, Inbound
from hub.sign_in import SignedIn
from hub.spool.doors import Doors
from inbox.live import Live
from inbox.settings import WebSettings

Accept = Callable[[Inbound], Awaitable[object]]  # stores one text of a person, once


@dataclass(frozen=True, slots=True)
class Web:
    hub: Hub
    settings: WebSettings
    templates: Environment
    live: Live
    accept: Accept
    doors: Doors | None = None
    identity: IdentityProvider | None = None  # where workers have an account too
    webhooks: frozenset[str] = frozenset()  # the paths of the doors that stand open for providers
    imports: Imports | None = None  # None: files cannot be imported here

    def page(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        signed_in: SignedIn | None = None,
        **facts: Any,
    ) -> HTMLResponse:
        """A whole page or, for htmx, a part of one."""
        page = self.templates.get_template(template)
        html = page.render(request=request, settings=self.settings, signed_in=signed_in, **facts)
        return HTMLResponse(html, status_code=status)


def web_of(request: Request) -> Web:
    web: Web = request.app.state.web
    return web


WebDep = Annotated[Web, Depends(web_of)]
