"""One record's life in tests: whose it is, and the mark that everything of it carries."""

import json
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from hub.store.tables import (
    Conversation,
    Person,
    Table,
)
from hub.store.vault import Key
from tests.world import World


@dataclass
class Life:
    """Adds rows for one person. `mark` tells the words of two lives apart."""

    world: World
    session: AsyncSession
    person: Person
    talk: Conversation
    key: Key
    mark: str

    async def add(self, *rows: Table) -> None:
        self.session.add_all(rows)
        await self.session.flush()

    def seal(self, kind: str) -> bytes:
        words = f"{self.mark} {kind}"
        as_kept = {"facts": json.dumps({"first_name": words}), "check_in_questions": json.dumps([words])}
        return self.key.seal(as_kept.get(kind, words), kind)
