"""The templates: Jinja2 with GOV.UK's macros. Everything is escaped, everywhere."""

from functools import cache
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader

from hub.meanings import TOPICS
from hub.preferences import preferences_of
from hub.presence import fingerprint
from inbox.colours import class_of
from inbox.list_query import last_list
from inbox.pages.navigation import navigation_for

FOLDER = Path(__file__).parent / "templates"


@cache
def make_templates() -> Environment:
    """One for all applications of a process: it holds no state but the compiled templates."""
    theirs = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    loaders = ChoiceLoader([FileSystemLoader(FOLDER), theirs])
    # The macros of govuk-frontend-jinja test for parameters that are not there; ours must not.
    environment = Environment(loader=loaders, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.globals["navigation_for"] = navigation_for
    environment.globals["preferences_of"] = preferences_of
    environment.globals["last_list"] = last_list
    environment.globals["colours_of"] = class_of
    environment.globals["topics"] = TOPICS
    environment.filters["fingerprint"] = fingerprint
    return environment
