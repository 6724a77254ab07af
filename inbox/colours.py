"""Light or dark: what a worker chose for this browser, as a class on <html>. Without a choice the device decides."""

from datetime import timedelta

from fastapi import Request

COOKIE = "handrail_colours"
KEPT_FOR = timedelta(days=365)
CLASSES = {"light": "handrail-day", "dark": "handrail-night"}


def chosen(request: Request) -> str:
    found = request.cookies.get(COOKIE, "")
    return found if found in CLASSES else "automatic"


def class_of(request: Request) -> str:
    return CLASSES.get(chosen(request), "")
