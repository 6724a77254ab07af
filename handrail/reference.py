"""The pages of docs/ that are made from the code: settings, commands, states. `handrail docs` writes them.

Must not know what they are about: it draws what it finds.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import typer
from pydantic_core import PydanticUndefined

from handrail import lock_screen
from handrail.roles_page import roles_page
from handrail.settings import ROOT, Settings
from hub import states, states_of_care, states_of_support
from hub.flows import Flows
from hub.statements.states import STATEMENT_MOVES
from hub.voices.states import VOICE_MOVES

MADE = "<!-- Made by `handrail docs`; change the code, not this page. -->"
SECRETS = ("key", "token", "secret", "database_url")

MACHINES: dict[str, tuple[Mapping[Any, frozenset[Any]], str]] = {
    "Messages": (
        states.MESSAGE_MOVES,
        "In from a person, out to one. `uncertain` is settled by asking the provider.",
    ),
    "Nudges": (
        states.NUDGE_MOVES,
        "A planned message. Too late is `missed`, with the reason: no stale text goes out.",
    ),
    "Escalations": (
        states.ESCALATION_MOVES,
        "What waits for a human. The person's next text brings it back.",
    ),
    "Proofs of attendance": (states.PROOF_MOVES, "Late is not never; a rejected proof can be given again."),
    "Check-ins": (
        states.CHECK_IN_MOVES,
        "An answer after the window still counts, and a worker looks at it.",
    ),
    "Safe contact": (
        states.SAFE_CONTACT_MOVES,
        "Of each address of a victim. Out of not safe and doubted only a worker or another address of theirs leads.",
    ),
    "Are you back?": (states.RETURN_MOVES, "Late is not never: an answer after the time still counts as one."),
    "Are you safe?": (
        states.SAFE_MOVES,
        "Silence goes to a human. `duress` is a yes that means no; late is not never.",
    ),
    "Conditions": (
        states.CONDITION_MOVES,
        "More time keeps one open. Only a worker decides that it is done, not done or not needed.",
    ),
    "Statements": (
        STATEMENT_MOVES,
        "A change after confirming makes a new version. What is taken back is kept until a human has talked.",
    ),
    "Words of a voice message": (VOICE_MOVES, "A machine's draft is one until its speaker says that it is right."),
    "Surveys": (states.SURVEY_MOVES, "Paused is not over; a person can go on until it expires."),
    "Corrections": (states.CORRECTION_MOVES, "What a worker says that a text meant. Corrected again, it is new again."),
    "What is said at a good time": (
        states_of_care.TELLING_MOVES,
        "On a phone that others may read, “is now a good time?” comes between.",
    ),
    "Offers of a right": (states_of_care.OFFER_MOVES, "After a no there are no more; RIGHTS still works."),
    "Asking for support": (states_of_care.SUPPORT_MOVES, "A service is asked to call only after a yes."),
    "Restorative justice": (
        states_of_care.RESTORATIVE_MOVES,
        "On each side by itself. The person can stop at any moment, and after “never” only they can bring it up.",
    ),
    "Views on a proposal": (states_of_care.PROPOSAL_MOVES, "Silence goes to a worker and is never agreement."),
    "Wordings": (states.TEXT_MOVES, "An agency's own words for a text. What was live once can be proposed again."),
    "Updates that are owed": (
        states.UPDATE_MOVES,
        "A text that failed, was held back, or waits for “is now a good time?” leaves it owed.",
    ),
    "Referrals": (
        states_of_support.REFERRAL_MOVES,
        "Whose yes is needed depends on the age. A no, from whom it may come, is the end; silence is never a yes.",
    ),
    "Invitations of supporters": (
        states_of_support.INVITATION_MOVES,
        "The person’s yes comes first; `open` is a code that they hand on by themselves, for seven days.",
    ),
    "Nominated contacts": (states.NOMINATION_MOVES, "Nothing is told to anybody before the person has said yes."),
}


def pages() -> Mapping[Path, str]:
    docs = ROOT / "docs"
    return {
        docs / "reference" / "settings.md": settings_page(),
        docs / "reference" / "commands.md": commands_page(),
        docs / "states.md": states_page(),
        docs / "roles.md": roles_page(MADE),
        docs / "lock-screen.md": lock_screen.page(Flows.read(ROOT / "flows"), MADE),
    }


# --- settings -------------------------------------------------------------------------------------


def settings_page() -> str:
    rows = [
        f"| `HANDRAIL_{name.upper()}` | {_default(name, field)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    head = [
        "# Settings",
        MADE,
        "",
        "From the environment only. Lists are JSON. `handrail settings` shows how they stand.",
        "",
        "| setting | when not set | what it does |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *rows]) + "\n"


def _default(name: str, field: Any) -> str:
    """Places differ from machine to machine, so they are named and not shown."""
    default = field.default if field.default is not PydanticUndefined else field.default_factory()
    places = {"data_folder": "the user's data folder", "flows_folder": "`flows/` of this project"}
    if name in places:
        return places[name]
    return {"": "–", "None": "–", "[]": "–", "True": "yes", "False": "no"}.get(str(default), f"`{default}`")


def settings_now(settings: Settings) -> list[dict[str, str]]:
    """How they stand. A secret shows only that it is there."""
    return [{"setting": f"HANDRAIL_{name.upper()}", "is": _shown(name, value)} for name, value in settings]


def _shown(name: str, value: object) -> str:
    if value and any(secret in name for secret in SECRETS):
        return "(set)"
    if isinstance(value, list):
        return f"({len(value)})" if value else ""  # addresses of people
    return str(value)


# --- commands -------------------------------------------------------------------------------------


def commands_page() -> str:
    from handrail.cli import app

    root = typer.main.get_command(app)
    body = "\n".join(line for command in _leaves(root, "handrail") for line in _command(*command))
    head = (
        "Lists take `--json`. What sends or deletes takes `--dry-run`, and asks unless `--yes`. "
        "Exit codes: 0 fine, 1 a problem was found, 2 used wrongly."
    )
    return f"# Commands\n{MADE}\n\n{head}\n\n{body}".rstrip() + "\n"


def _leaves(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        yield path, command
        return
    for name, below in command.commands.items():
        yield from _leaves(below, f"{path} {name}")


def _command(path: str, command: Any) -> Iterator[str]:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and p.name != "help"]
    yield f"## `{' '.join([path, *(a.metavar or a.name.upper() for a in arguments)])}`\n"
    yield f"{' '.join((command.help or '').split())}\n"
    if options:
        yield from ("| option | what it does | when not given |", "|---|---|---|")
        yield from (_option(option) for option in options)
        yield ""


def _option(option: Any) -> str:
    kind = option.type_descriptor.annotation
    choices = f" ({', '.join(kind)})" if isinstance(kind, type) and issubclass(kind, StrEnum) else ""
    variable = f" (environment: `{option.envvar}`)" if option.envvar else ""
    if option.required:
        default = "needed"
    elif option.default in (None, "", False):
        default = "–"
    else:
        default = f"`{option.default.value if isinstance(option.default, StrEnum) else option.default}`"
    return f"| `{', '.join(option.opts)}` | {option.help or ''}{choices}{variable} | {default} |"


# --- states ---------------------------------------------------------------------------------------


def states_page() -> str:
    head = "Every state machine, drawn from its table in `hub/states.py`. Any other move raises an error."
    parts = [f"# States\n{MADE}\n\n{head}"]
    parts += [f"## {title}\n\n{sentence}\n\n{_diagram(moves)}" for title, (moves, sentence) in MACHINES.items()]
    return "\n\n".join(parts) + "\n"


def _diagram(moves: Mapping[Any, frozenset[Any]]) -> str:
    machine: Any = type(next(iter(moves)))
    order = {state: place for place, state in enumerate(machine)}
    reached = {state for after in moves.values() for state in after}
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    [*] --> {state}" for state in machine if state in moves and _is_start(state, moves)]
    for before in sorted(moves, key=order.__getitem__):
        lines += [f"    {before} --> {after}" for after in sorted(moves[before], key=order.__getitem__)]
    lines += [f"    {state} --> [*]" for state in machine if state in reached and not moves.get(state)]
    return "\n".join([*lines, "```"])


def _is_start(state: Any, moves: Mapping[Any, frozenset[Any]]) -> bool:
    """The first of its machine, or one that no other leads to."""
    return state is next(iter(moves)) or all(state not in after for after in moves.values())
