"""Looking at the tables between two steps: one plain connection, at once, without a transaction.

A simulation looks several times at each of its moments; through the store every look cost five times as much (1.2 ms
against 0.25 ms of one core). Nothing else runs meanwhile, so waiting for it holds up nobody. Changes nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import CompoundSelect, make_url

from handrail.driving import Kind, moments_statement


class Glance:
    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
        self._connection.execute("SET TIME ZONE 'UTC'")
        # The question is always the same: to plan it anew each time took ten times as long as to answer it.
        self._connection.execute("SET plan_cache_mode = force_generic_plan")
        # And planned while the tables were empty it read them from end to end for ever: the whole diary at each look.
        self._connection.execute("SET enable_seqscan = off")

    def close(self) -> None:
        self._connection.close()

    def rows(self, statement: str, values: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
        return self._connection.execute(statement.encode(), values).fetchall()

    def moments(self, kinds: tuple[Kind, ...], now: datetime, *, after: bool) -> dict[Kind, datetime]:
        """As `Driver.moments`."""
        found: dict[Kind, datetime] = {}
        for name, moment in self.rows(_compiled(kinds, after), {"now": now}):
            if moment is not None:
                found[Kind(name)] = min(moment, found.get(Kind(name), moment))
        return found


@cache
def _compiled(kinds: tuple[Kind, ...], after: bool) -> str:
    """With all but `now` written out: a plan made for any state cannot use an index of one state."""
    statement: CompoundSelect[Any] = moments_statement(kinds, after=after)
    dialect = make_url("postgresql+psycopg://").get_dialect()()
    compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    values = {name: value.value if isinstance(value, Enum) else value for name, value in compiled.params.items()}
    written = {name: sql.Literal(value).as_string(None) for name, value in values.items()}
    return str(compiled) % (written | {"now": "%(now)s"})
