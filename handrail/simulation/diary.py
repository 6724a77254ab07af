"""The database keeps a diary of a simulation: every move of every row that a promise is about, in its order.

Written by triggers inside the transaction that makes the move, so that nothing that happened is missing and nothing
that was taken back is in it; read from where one stopped, so that a look costs what is new. Knows no promise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from handrail.simulation.glance import Glance

# For each table: its state (with {row} for the row), and what else a promise or a figure needs of it.
WATCHED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "conversations": ("''", ("person_id", "line_id", "contact_point_id")),
    "contact_points": ("CASE WHEN {row}.stopped_at IS NULL THEN 'open' ELSE 'stopped' END", ()),
    "messages": (
        "{row}.state",
        (
            "conversation_id",
            "direction",
            "purpose",
            "rank",
            "text_key",
            "reason",
            "attempts",
            "created_at",
            "due_at",
            "provider_message_id",
            "author_id",
        ),
    ),
    "turns": ("{row}.decided_by", ("message_id", "commands")),
    "nudges": ("{row}.state", ("rule", "subject_kind", "subject_id", "occurrence", "due_at", "message_id", "reason")),
    "appointments": ("{row}.state", ("starts_at",)),
    "escalations": ("{row}.state", ("conversation_id", "reason", "opened_at")),
    "proofs": ("{row}.state", ("kind",)),
    "check_ins": ("{row}.state", ()),
    "survey_runs": ("{row}.state", ()),
    "threads": ("CASE WHEN {row}.paused_at IS NULL THEN 'open' ELSE 'paused' END", ("person_id",)),
    "thread_members": (
        "CASE WHEN {row}.left_at IS NOT NULL THEN 'left' WHEN {row}.accepted_at IS NULL THEN 'asked' ELSE 'in' END",
        ("thread_id", "sees", "ends_at", "muted_at"),
    ),
    "thread_posts": ("{row}.sent_to", ("thread_id", "author_id", "worker_id", "relayed")),
    "thread_texts": ("''", ("thread_id", "to_id", "needs", "post_id")),
}
# Moves although the state stays.
ALSO = {"nudges": ("due_at",), "appointments": ("starts_at",), "thread_members": ("sees", "ends_at", "muted_at")}
KEYS = {"thread_members": "person_id", "thread_texts": "message_id"}  # by which a row is known that has no id

GONE = "gone"  # a row that was taken back in the transaction that made it

_TABLE = """
CREATE TABLE simulation_diary (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text, row_id bigint, was text, became text, facts jsonb)
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One move. `was` is None for a new row."""

    kind: str
    row_id: int
    was: str | None
    became: str
    facts: Mapping[str, Any]


async def begin(session: AsyncSession) -> None:
    """Start the diary in an empty database."""
    await session.execute(text(_TABLE))
    for table, (state, facts) in WATCHED.items():
        for statement in _triggers(table, state, facts):
            await session.execute(text(statement))


def _triggers(table: str, state: str, facts: Sequence[str]) -> Sequence[str]:
    now, before = state.format(row="NEW"), state.format(row="OLD")
    key = KEYS.get(table, "id")
    pairs = ", ".join(f"'{name}', NEW.{name}" for name in facts)
    moved = " OR ".join(
        f"{a} IS DISTINCT FROM {b}"
        for a, b in [(now, before), *((f"NEW.{name}", f"OLD.{name}") for name in ALSO.get(table, ()))]
    )
    # The names are those above: nothing of it comes from outside.
    write = f"INSERT INTO simulation_diary (kind, row_id, was, became, facts) VALUES ('{table}', NEW.{key}, "  # noqa: S608
    function = f"""
        CREATE FUNCTION diary_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' THEN {write} NULL, {now}, jsonb_build_object({pairs}));
            ELSE {write} {before}, {now}, jsonb_build_object({pairs})); END IF;
            RETURN NULL;
        END $$
    """
    on = f"ON {table} FOR EACH ROW"
    run = f"EXECUTE FUNCTION diary_{table}()"
    gone = f"""
        CREATE FUNCTION diary_{table}_gone() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN {write.replace("NEW", "OLD")} {before}, '{GONE}', jsonb_build_object({pairs.replace("NEW", "OLD")}));
        RETURN NULL; END $$
    """
    return (
        function,
        gone,
        f"CREATE TRIGGER diary_gone AFTER DELETE {on} EXECUTE FUNCTION diary_{table}_gone()",
        f"CREATE TRIGGER diary_made AFTER INSERT {on} {run}",
        f"CREATE TRIGGER diary_moved AFTER UPDATE {on} WHEN ({moved}) {run}",
    )


class Diary:
    """Reads on from where it stopped."""

    def __init__(self, glance: Glance) -> None:
        self._glance = glance
        self._last = 0

    def read(self) -> list[Line]:
        rows = self._glance.rows(_NEW, {"last": self._last})
        if rows:
            self._last = rows[-1][0]
        return [Line(*row[1:]) for row in rows]


_NEW = "SELECT id, kind, row_id, was, became, facts FROM simulation_diary WHERE id > %(last)s ORDER BY id"
