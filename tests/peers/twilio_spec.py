"""Check requests against Twilio's own API description: the carrier takes only what Twilio would."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

ROOT = Path(__file__).parents[2]
SPEC_PATH = Path(os.environ.get("HANDRAIL_TWILIO_SPEC") or ROOT / "../shared/peers/twilio_api_v2010.json")
MESSAGES = "/2010-04-01/Accounts/{AccountSid}/Messages"
MISSING = f"Twilio's API description is not at {SPEC_PATH.name}; set HANDRAIL_TWILIO_SPEC to its path."


class TwilioSpec:
    """The part of the description that is about messages. `problem` says what is wrong with a request."""

    def __init__(self, path: Path = SPEC_PATH) -> None:
        from openapi_core import Config, OpenAPI  # takes two seconds to import: only for those who need it

        description = json.loads(path.read_text())
        description["paths"] = {p: d for p, d in description["paths"].items() if p.startswith(MESSAGES)}
        form = description["paths"][MESSAGES + ".json"]["post"]["requestBody"]["content"]
        self._names = set(form["application/x-www-form-urlencoded"]["schema"]["properties"])
        # The description is Twilio's to validate, and takes long: hence no spec_validator.
        self._api = OpenAPI.from_dict(description, config=Config(spec_validator_cls=None))

    def problem(self, method: str, path: str, query: dict[str, Any], headers: dict[str, str], body: bytes) -> str:
        """Empty when the request fits."""
        from openapi_core.exceptions import OpenAPIError
        from openapi_core.testing import MockRequest

        request = MockRequest(
            "https://api.twilio.com",
            method.lower(),
            path,
            args=query,
            headers=headers,
            data=body,
            content_type=headers.get("content-type", "application/json").split(";")[0],
        )
        try:
            self._api.validate_request(request)
        except OpenAPIError as error:
            return f"{type(error).__name__}: {error}"
        # Twilio ignores a misspelt parameter, and so does openapi-core; for us it is a mistake.
        unknown = {name for name, _ in parse_qsl(body.decode())} - self._names
        return f"Unknown parameters: {sorted(unknown)}" if unknown else ""


@cache
def load_spec() -> TwilioSpec | None:
    """None when the description is not on this machine."""
    return TwilioSpec() if SPEC_PATH.is_file() else None
