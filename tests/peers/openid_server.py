"""A small OpenID provider: a page that asks, a token for a code, a key that it made itself. It can be told to lie."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from hub.ports import Clock

CLIENT = ("handrail", "a secret that nobody guesses")


@dataclass
class Account:
    subject: str = "subject-of-priya"
    email: str = "priya@example.org"
    verified: bool = True
    amr: list[str] = field(default_factory=list)


@dataclass
class OpenIdServer:
    """`lies` are claims put in place of the true ones; with `forged` the token is signed with a key of nobody."""

    clock: Clock
    url: str = ""
    account: Account = field(default_factory=Account)
    lies: dict[str, Any] = field(default_factory=dict)
    forged: bool = False
    says_no: bool = False
    codes: dict[str, Mapping[str, str]] = field(default_factory=dict)
    key: ECKey = field(default_factory=lambda: new_key("one"))

    def app(self) -> FastAPI:
        app = FastAPI()
        app.get("/.well-known/openid-configuration")(self.document)
        app.get("/authorize")(self.ask)
        app.get("/agreed")(self.agree)
        app.post("/token")(self.token)
        app.get("/jwks")(self.jwks)
        return app

    async def document(self) -> dict[str, str]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
        }

    async def jwks(self) -> dict[str, Any]:
        return dict(KeySet([self.key]).as_dict(private=False))

    async def ask(self, request: Request) -> HTMLResponse:
        there = f"/agreed?{request.url.query}"
        return HTMLResponse(f'<html lang="en"><title>Account</title><a href="{there}">Continue as Priya</a></html>')

    async def agree(self, request: Request) -> Response:
        asked = dict(request.query_params)
        if self.says_no:
            return RedirectResponse(f"{asked['redirect_uri']}?error=access_denied&state={asked['state']}", 302)
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        answer = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{answer}", 302)

    async def token(
        self,
        request: Request,
        code: str = Form(),
        redirect_uri: str = Form(),
        code_verifier: str = Form(),
    ) -> Response:
        asked = self.codes.pop(code, {})
        basic = base64.b64encode(":".join(CLIENT).encode()).decode()
        right = (
            request.headers.get("authorization") == f"Basic {basic}"
            and asked.get("redirect_uri") == redirect_uri
            and asked.get("code_challenge") == challenge(code_verifier)
        )
        if not right:
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse({"token_type": "Bearer", "access_token": "opaque", "id_token": self.signed(asked["nonce"])})

    def signed(self, nonce: str) -> str:
        now = int(self.clock.now().timestamp())
        claims: dict[str, Any] = {
            "iss": self.url,
            "sub": self.account.subject,
            "aud": CLIENT[0],
            "exp": now + 300,
            "iat": now,
            "nonce": nonce,
            "email": self.account.email,
            "email_verified": self.account.verified,
            "amr": self.account.amr,
        } | self.lies
        key = new_key("one") if self.forged else self.key
        return jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key)


def new_key(name: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": name, "use": "sig", "alg": "ES256"})


def challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
