"""The routes that need no worker's sign-in, each with what protects it instead. All others have a login."""

PUBLIC: dict[str, str] = {
    "/": "only leads on",
    "/sign-in": "is the door",
    "/sign-in/code": "is the door; needs the password first",
    "/sign-in/forgotten": "is the door; says the same to everybody",
    "/sign-in/provider": "is the door; leads to the provider that is set",
    "/sign-in/provider/back": "is the door; needs what the provider signed, and what we sealed before",
    "/welcome/": "a secret token in the address, one worker, once, expires",
    "/status": "published on purpose; up or down alone",
    "/health/": "says up or down",
    "/metrics": "numbers alone; the site's proxy keeps it inside",
    "/version": "the version alone",
    "/.well-known/": "published on purpose",
    "/static/": "the same for everybody",
    "/accessibility": "published on purpose",
    "/privacy": "published on purpose",
    "/s/": "a secret token in the address, one person, expires",
    "/q/": "a secret token in the address, one statement, ends when it is confirmed",
    "/chat/": "a secret token in the address, one person",
    "/proof/": "a secret token in the address, one person",
    "/here": "a code that everybody in the room sees and a number of ours; sends only from a phone with a token",
    "/join/": "a secret token in the address, one appointment",
    "/me/": "a secret token in the address, one person, expires; a one-time code before what is personal",
    "/about/": "published on purpose",
    "/refer/": "published on purpose, limits for a day; behind it a secret token in the address",
    "/rights": "published on purpose",
    "/calendar/feeds/": "a secret token in the address, one worker's eyes, revocable",
    "/webhooks/": "the provider's signature",
    "/api/": "an API key",
    "/demo": "only there in the demo, where everybody is invented",
}


def is_public(path: str) -> bool:
    """Whether a route's path is on the list; an entry that ends with a slash stands for all below it."""
    return any(
        path == entry or (entry.endswith("/") and entry != "/" and path.startswith(entry)) for entry in PUBLIC
    ) or (path.startswith("/demo/"))
