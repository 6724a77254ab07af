"""Headers on every answer: nothing from elsewhere, nothing inline, nothing kept, nothing framed."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # GOV.UK Frontend draws small arrows as data addresses
        "font-src 'self'",
        "media-src 'self'",  # voice messages
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",  # addresses hold references and tokens
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
# The demo shows the inbox in a frame of its own page, beside the phones.
FRAMED = {
    "Content-Security-Policy": POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'; frame-src 'self'"),
    "X-Frame-Options": "SAMEORIGIN",
}
TLS = "max-age=31536000; includeSubDomains"


class SecurityHeaders:
    """Plain ASGI, so that streams of events pass through unbuffered. A route may set its own value first."""

    def __init__(self, app: ASGIApp, *, tls: bool, framed: bool = False) -> None:
        self._app = app
        self._headers = HEADERS | ({"Strict-Transport-Security": TLS} if tls else {}) | (FRAMED if framed else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)
