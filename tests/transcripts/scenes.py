"""What each topic's words under `given:` set up, and the steps that are neither a text nor a nudge."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.asyncio import AsyncSession

from hub.store.tables import Conversation, Person
from hub.surveys import runs
from hub.words import ChannelKind, Side
from tests.transcripts.care_scenes import give_care
from tests.transcripts.check_in_scenes import give_check_in, give_return
from tests.transcripts.invitation_scenes import STEPS as INVITATIONS
from tests.transcripts.invitation_scenes import give_circle
from tests.transcripts.proving import around_the_appointment, join
from tests.transcripts.referral_scenes import give_referral, other_writes, work_on_referral
from tests.transcripts.safe_contacts import safe_contact_scene, write_from_elsewhere
from tests.transcripts.safe_scenes import CONTACT, give_safe
from tests.transcripts.speaking import give_statement
from tests.transcripts.survey_scenes import ELSEWHERE, around_a_survey, on_the_page
from tests.transcripts.update_scenes import contact_writes, given_updates
from tests.transcripts.work import work
from tests.world import LINES

if TYPE_CHECKING:
    from tests.transcripts.runner import Replay

Given = dict[str, Any]


async def before_the_case(
    replay: "Replay", session: AsyncSession, person: Person, conversation: Conversation, given: Given
) -> None:
    await safe_contact_scene(replay, session, conversation, given)
    await around_a_survey(replay, session, person, given)


async def beside_the_case(
    replay: "Replay", session: AsyncSession, person: Person, conversation: Conversation, given: Given
) -> None:
    await around_the_appointment(replay, session, person, given)
    if "check_in" in given:
        check_in = await give_check_in(replay, session, person, given["check_in"])
        replay.subjects.append(("check_in", check_in.id))
    if "back_by" in given:
        await give_return(replay, session, person, given["back_by"])
    await give_safe(replay, session, person, given)
    if "statement" in given:
        await give_statement(replay, session, person, conversation, given["statement"])
    if "survey" in given:
        run = await runs.invite(replay.world.hub, session, person, given["survey"])
        replay.subjects.append(("survey_run", run.id))
    await give_care(replay, session, person, given)
    await given_updates(replay, session, person, given)
    if "referral" in given:
        await give_referral(replay, session, person, given["referral"])
    await give_circle(replay, session, person, conversation, given)


async def _worker(replay: "Replay", does: Any) -> None:
    async with replay.world.hub.store.transaction() as session:
        await work(replay, session, does)
    await replay.world.settle()


async def _chosen(replay: "Replay", text: str) -> None:
    await replay.world.text(text, CONTACT, LINES[Side.VICTIMS, ChannelKind.SMS])


async def _push(replay: "Replay", by: dict[str, float]) -> None:
    await replay.world.push(**by)


async def _joins(replay: "Replay", _: Any) -> None:
    await join(replay)


async def _other_channel(replay: "Replay", text: object) -> None:
    await replay.text(str(text), ELSEWHERE[replay.channel])


STEPS: dict[str, Callable[["Replay", Any], Awaitable[None]]] = {
    **INVITATIONS,
    "push": _push,
    "joins": _joins,
    "worker": _worker,
    "referral": work_on_referral,  # a worker does something about it, or the referrer takes it back
    "referred": other_writes,  # the other of the two, young person or guardian
    "page": on_the_page,
    "chosen": _chosen,  # whom somebody chose to be told of silence writes
    "contact": contact_writes,  # whom a victim named to hear of the case writes
    "elsewhere": write_from_elsewhere,  # from another phone of theirs
    "other_channel": _other_channel,  # from another app of theirs
}
