"""The wordings that agencies have made their own, laid over the texts of `flows/`; each process keeps them in memory.

`refresh` asks one small question and reads again only when the answer differs, so that whoever renders asks it first:
a batch of sending, a batch of nudges, a page. What a wording says never changes, so the numbers of the live ones tell
all. Knows nothing of who proposes and who decides.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hub.states import TextState
from hub.store.tables import TextVersion
from hub.text_rules import TextRules
from hub.texts import Template, Texts
from hub.words import Side

log = structlog.get_logger()

Whose = tuple[int, Side]  # agency and side
_LIVE = TextVersion.state == TextState.LIVE


class OwnWording:
    def __init__(self) -> None:
        self._seen: Sequence[int] | None = None
        self._live: dict[Whose, list[TextVersion]] = {}
        self._laid: dict[Whose, Texts] = {}

    async def refresh(self, session: AsyncSession) -> None:
        """Read again what is live, if it is not what was live before."""
        ids = await session.scalar(select(func.array_agg(TextVersion.id)).where(_LIVE))
        now_live = sorted(ids or ())
        if now_live == self._seen:
            return
        live = defaultdict[Whose, list[TextVersion]](list)
        for version in await session.scalars(select(TextVersion).where(TextVersion.id.in_(now_live))):
            live[version.agency_id, version.side].append(version)
        self._seen, self._live, self._laid = now_live, dict(live), {}

    def over(self, texts: Texts, rules: TextRules, agency_id: int, side: Side) -> Texts:
        """The texts as this agency's side says them."""
        whose = (agency_id, side)
        if whose not in self._live:
            return texts
        if whose not in self._laid:
            self._laid[whose] = texts.with_templates(_templates(texts, rules, self._live[whose]))
        return self._laid[whose]


def _templates(texts: Texts, rules: TextRules, versions: Sequence[TextVersion]) -> dict[str, dict[str, Template]]:
    laid = defaultdict[str, dict[str, Template]](dict)
    for version in versions:
        known = texts.languages.get(version.language)
        ours = known.templates.get(version.key) if known else None
        wording = Template(version.text, version.discreet, ours.choices if ours else ())
        if ours is None or wording.fields() - ours.fields():  # flows/ has changed: nothing would fill it in
            log.warning("own_wording_left_out", version=version.id)
            continue
        if any(rules.giving_away(version.key, version.language, wording)):  # written when more could stand there
            log.warning("own_careful_wording_left_out", version=version.id)
            wording = replace(wording, discreet=ours.discreet)
        laid[version.language][version.key] = wording
    return laid
