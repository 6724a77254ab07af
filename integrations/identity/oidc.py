"""Sign-in by OpenID Connect: the code flow with PKCE, state and nonce; the ID token checked before it is believed.

What must hold: the issuer's document names itself, the token is signed with one of its published keys by a public-key
algorithm, is meant for us and for this sign-in, and is neither old nor from the future. Knows no worker and no page.
"""

import asyncio
import secrets
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from hub.errors import NotConfirmed, ProviderAway
from hub.ports import Begun, Clock, Identity

ALGORITHMS = [
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
]  # never HS, none
LEEWAY = 60  # seconds between the provider's clock and ours
KEPT_FOR = timedelta(hours=1)  # the provider's document and keys
TIMEOUT = 5.0  # a worker waits
LARGEST = 1 << 20  # bytes of an answer


class OpenIdProvider:
    """One issuer. `second_factor` are the words in `amr` or `acr` that say that it asked for one."""

    def __init__(
        self,
        issuer: str,
        client_id: str,
        client_secret: str,
        *,
        clock: Clock,
        name: str = "your agency's account",
        second_factor: frozenset[str] = frozenset(),
    ) -> None:
        self.name = name
        self._issuer, self._client, self._clock = issuer.rstrip("/"), (client_id, client_secret), clock
        self._second_factor = second_factor
        self._document: dict[str, Any] = {}
        self._keys: dict[str, Any] = {}
        self._read_at: datetime | None = None
        self._reading = asyncio.Lock()

    async def begin(self, back_to: str) -> Begun:
        await self._read()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        asked = {
            "response_type": "code",
            "client_id": self._client[0],
            "redirect_uri": back_to,
            "scope": "openid email",
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        there = str(self._document["authorization_endpoint"])
        return Begun(f"{there}{'&' if '?' in there else '?'}{urlencode(asked)}", state, nonce, verifier)

    async def finish(self, code: str, begun: Begun, back_to: str) -> Identity:
        await self._read()
        given = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back_to,
            "code_verifier": begun.verifier,
        }
        answer = await self._ask("POST", str(self._document["token_endpoint"]), data=given, auth=self._client)
        claims = await self._believe(answer.get("id_token"), begun.nonce, answer.get("access_token"))
        return Identity(
            issuer=self._issuer,
            subject=str(claims["sub"]),
            email=str(claims.get("email", "")).strip().lower(),
            email_verified=claims.get("email_verified") is True,
            second_factor=bool(self._second_factor & _factors(claims)),
        )

    async def _believe(self, token: object, nonce: str, access_token: object) -> dict[str, Any]:
        """What the token says, once everything about it holds. Raises `NotConfirmed`."""
        if not isinstance(token, str):
            raise NotConfirmed
        try:
            read = await self._open(token)
            claims = CodeIDToken(
                read.claims,
                read.header,
                {
                    "iss": {"essential": True, "values": [self._issuer, self._issuer + "/"]},
                    "aud": {"essential": True, "value": self._client[0]},
                },
                {"nonce": nonce, "client_id": self._client[0], "access_token": access_token},
            )
            claims.validate(now=int(self._clock.now().timestamp()), leeway=LEEWAY)
        except (JoseError, ValueError, KeyError, TypeError) as wrong:
            raise NotConfirmed from wrong
        return dict(claims)

    async def _open(self, token: str) -> jwt.Token:
        """Signed with a key of theirs. They change their keys: an unknown one is asked for once."""
        try:
            return jwt.decode(token, KeySet.import_key_set(self._keys), algorithms=ALGORITHMS)  # type: ignore[arg-type]
        except (JoseError, ValueError):
            await self._read(again=True)
            return jwt.decode(token, KeySet.import_key_set(self._keys), algorithms=ALGORITHMS)  # type: ignore[arg-type]

    async def _read(self, *, again: bool = False) -> None:
        """The provider's document and keys, unless they are fresh."""
        async with self._reading:
            now = self._clock.now()
            if not again and self._read_at and now - self._read_at < KEPT_FOR:
                return
            document = await self._ask("GET", f"{self._issuer}/.well-known/openid-configuration")
            needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            if str(document.get("issuer", "")).rstrip("/") != self._issuer or not all(document.get(n) for n in needed):
                raise ProviderAway("(its document is not that of the issuer in the settings)")
            self._keys = await self._ask("GET", str(document["jwks_uri"]))
            self._document, self._read_at = document, now

    async def _ask(self, method: str, url: str, **sent: Any) -> dict[str, Any]:
        """Raises `ProviderAway` when it fails, `NotConfirmed` when it says no."""
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT) as client:
                answer = await client.request(method, url, headers={"Accept": "application/json"}, **sent)
            if answer.is_client_error and method == "POST":
                raise NotConfirmed
            answer.raise_for_status()
            read = answer.json() if len(answer.content) <= LARGEST else None
        except (httpx.HTTPError, ValueError) as wrong:
            raise ProviderAway from wrong
        if not isinstance(read, dict):
            raise ProviderAway
        return read


def _factors(claims: dict[str, Any]) -> set[str]:
    """What the provider says about how it asked."""
    amr = claims.get("amr")
    return {str(word) for word in (amr if isinstance(amr, list) else [])} | {str(claims.get("acr", ""))}
