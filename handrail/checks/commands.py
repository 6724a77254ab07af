"""Do rules and code know the same commands, and do commands and reasons know each other?"""

import ast
from collections.abc import Iterator, Sequence

from handrail.checks.ground import Ground, Problem
from handrail.checks.vocabulary import VOCABULARY
from hub.commands import COMMANDS
from hub.reasons import REASONS

# About understanding itself: answered by hub/understanding.py, before any topic.
UNDERSTANDING = frozenset({"not_understood", "unknown_sender", "text_empty", "assistant_down", "kept_silent"})
# A file says it without words; who writes and whom they name say it (hub/decide.py).
BY_ITSELF = frozenset({"give_photo", "tell_thread", "tell_worker", "keep_file_back"})
LONGEST_REASON = 60  # characters: one line of the inbox


def commands(ground: Ground) -> Iterator[Problem]:
    """Every command that can be said is carried out; every word of the vocabulary and of the code can be
    said.
    """
    said = _said(ground)
    carried_out = COMMANDS.keys() | UNDERSTANDING
    for command in sorted(said.keys() - carried_out):
        yield Problem(
            said[command], f"nothing carries out `{command}`: add a function to hub/commands/, or correct it."
        )
    for command in sorted(VOCABULARY - said.keys() - BY_ITSELF):
        yield Problem(f"{ground.folder.name}/*/domain.yml", f"no response says `{command}`, a word of the vocabulary.")
    for command in sorted(VOCABULARY - carried_out):
        yield Problem("hub/commands/", f"nothing carries out `{command}`, a word of the vocabulary.")
    for command in sorted(COMMANDS.keys() - said.keys() - BY_ITSELF):
        yield Problem("hub/commands/", f"`{command}` can never be asked for: no rule, keyword or safety word says it.")


def _said(ground: Ground) -> dict[str, str]:
    """Command → the file that says it."""
    flows = ground.folder.name
    said = {
        response[0]["custom"]["do"]: file
        for file, domain in ground.domains.items()
        for response in (domain.get("responses") or {}).values()
    }
    said |= dict.fromkeys(ground.whole.safety.kinds, f"{flows}/safety/words.yml")
    return said | dict.fromkeys(ground.whole.keywords.meanings.values(), f"{flows}/person/keywords.yml")


def reasons(ground: Ground) -> Iterator[Problem]:
    """Every reason has words that fit on a line; every reason that code gives is one of them."""
    here = "hub/escalations.py"
    for name, reason in REASONS.items():
        if not 0 < len(reason.words) <= LONGEST_REASON:
            yield Problem(here, f"`{name}` needs words of at most {LONGEST_REASON} characters.")
    for file, nodes in ground.code().items():
        for line, reason_name in _given(nodes):
            if reason_name not in REASONS:
                yield Problem(file, f"line {line} gives the reason `{reason_name}`: add it to REASONS in {here}.")


def _given(nodes: Sequence[ast.AST]) -> Iterator[tuple[int, str]]:
    """Reasons named where something is handed to a human."""
    for node in nodes:
        if isinstance(node, ast.Call) and _name(node.func) in {"escalate", "hand_over"}:
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.lineno, argument.value


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
