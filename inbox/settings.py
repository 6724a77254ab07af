"""What the web needs to know about where it runs. Filled in by `handrail/wiring.py`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WebSettings:
    secure_cookies: bool = True  # False only on a laptop without TLS
    public_url: str = "http://localhost:8000"  # no trailing slash
    service_name: str = "Handrail"
    phase_banner: str = "This is a new service."
    fictional: bool = False  # numbers of films and tests are taken: in the demo and in tests
    demo: bool = False  # says on every page that the people are invented
    trial_addresses: frozenset[str] | None = None  # in trial mode: the only ones that get texts
    exit_url: str = "https://www.bbc.co.uk/weather"  # where "Exit this page" leads: harmless and believable
    security_contact: str = ""  # mailto: or https: address (RFC 9116); empty: not published
