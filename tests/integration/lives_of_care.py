"""What stands in the tables about a victim: what is owed and told, rights, services, statements. Each of it marked."""

from sqlalchemy import select

from hub.statements.states import StatementState
from hub.states import (
    NominationState,
    UpdateState,
)
from hub.states_of_care import OfferState, ProposalState, RestorativeState, SupportState, TellingState
from hub.store.refs import new_ref
from hub.store.tables import (
    Case,
    CaseEvent,
    MediaFile,
    Nomination,
    Proposal,
    Restorative,
    RestorativeStep,
    RightsOffer,
    RightTold,
    Statement,
    StatementAnswer,
    StatementVersion,
    SupportArea,
    SupportRequest,
    Telling,
    Update,
    View,
    VoiceDraft,
)
from hub.voices.states import VoiceState
from hub.words import ChannelKind, Role
from tests.integration.life import Life


async def owed(life: Life, case: Case) -> None:
    """News that they are owed, and somebody whom they have named to hear it."""
    now, side = life.world.clock.now(), life.person.side
    event = CaseEvent(
        case_id=case.id, milestone="charged", reason_sealed=life.seal("reason"), happened_at=now, known_at=now
    )
    aunt, _ = await life.world.person(
        life.session, role=Role.SUPPORTER, name="Aunt", address=f"telegram-aunt-{life.mark}",
        channel=ChannelKind.TELEGRAM, side=side,
    )  # fmt: skip
    named = {"side": side, "scope": "news", "state": NominationState.AGREED, "state_at": now}
    nomination = Nomination(person_id=life.person.id, contact_id=aunt.id, **named)
    of_aunt = Nomination(person_id=aunt.id, contact_id=life.person.id, **named)
    await life.add(event, nomination, of_aunt)
    due = {"due_on": now.date(), "due_at": now, "warn_at": now, "state": UpdateState.OWED, "state_at": now}
    await life.add(
        Update(case_id=case.id, person_id=life.person.id, kind="news", event_id=event.id, known_at=now, **due)
    )


async def care(life: Life) -> None:
    """Rights, help, restorative justice, and what they think of a proposal."""
    now, person = life.world.clock.now(), life.person
    news = (await life.session.scalars(select(CaseEvent).join(Case).where(Case.person_id == person.id))).one()
    step = RestorativeState.SPEAKING
    between = Restorative(
        person_id=person.id, side=person.side, state=step, state_at=now, made_at=now,
        agreed_sealed=life.seal("agreed"), other_sealed=life.seal("note"),
    )  # fmt: skip
    proposal = Proposal(
        case_id=news.case_id, words_sealed=life.seal("proposal"), reason_sealed=life.seal("reason"),
        answer_by=now.date(), state=ProposalState.ANSWERED, made_at=now, decision_reason_sealed=life.seal("reason"),
    )  # fmt: skip
    await life.add(between, proposal)
    await life.add(
        Telling(person_id=person.id, topic="proposal", number=proposal.id, state=TellingState.TOLD, due_at=now),
        RightTold(person_id=person.id, item="7", how="text", told_at=now),
        RightsOffer(person_id=person.id, event_id=news.id, items=["7"], state=OfferState.TAKEN, state_at=now),
        SupportRequest(person_id=person.id, state=SupportState.LISTED, made_at=now),
        SupportArea(person_id=person.id, area_sealed=life.seal("area"), set_at=now),
        RestorativeStep(restorative_id=between.id, state=step, at=now, by="hub", note_sealed=life.seal("note")),
        View(proposal_id=proposal.id, answer="agree", words_sealed=life.seal("view"), how="text", at=now),
    )


async def told(life: Life) -> None:
    now, person = life.world.clock.now(), life.person
    statement = Statement(
        ref=new_ref(), person_id=person.id, questions="witness", state=StatementState.CONFIRMED, state_at=now,
        asked_at=now, asked_by_id=life.world.workers[person.side], expires_at=now, version=1,
    )  # fmt: skip
    await life.add(statement)
    spoken = MediaFile(
        person_id=person.id, statement_id=statement.id, content_type="audio/mpeg", content_sealed=life.seal("file"),
        original_sealed=life.seal("file"), seconds=3.0, created_at=now,
    )  # fmt: skip
    await life.add(spoken)
    await life.add(
        StatementAnswer(
            statement_id=statement.id, question="what", way="page", answered_at=now, media_id=spoken.id,
            words_sealed=life.seal("statement"),
        ),
        StatementVersion(
            statement_id=statement.id, number=1, content_sealed=life.seal("statement_version"), digest=b"0" * 32,
            confirmed_at=now, way="page",
        ),
        VoiceDraft(
            media_id=spoken.id, state=VoiceState.CORRECTED, state_at=now, due_at=now,
            words_sealed=life.seal("voice"), corrected_sealed=life.seal("voice"),
        ),
    )  # fmt: skip
