"""What a worker can do in a transcript, by the words of its `worker` steps. Knows nothing of what is checked then."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hub import (
    appointments,
    case_closing,
    conditions,
    conversations,
    extensions,
    move_requests,
    proofs,
    safe_contact_record,
    silence,
)
from hub.states import ConditionState
from hub.store.tables import Appointment, Case, Condition, Conversation, Extension, MoveRequest, Person, Proof, Worker
from hub.words import AppointmentState
from tests.transcripts.care_scenes import CARE
from tests.transcripts.survey_scenes import survey_work
from tests.transcripts.thread_scenes import work_on_thread
from tests.transcripts.update_scenes import work_on_updates

if TYPE_CHECKING:
    from tests.transcripts.runner import Replay


async def work(replay: "Replay", session: AsyncSession, does: dict[str, Any]) -> None:  # noqa: C901  # a list of acts
    """Carry out what a `worker` step names."""
    hub = replay.world.hub
    worker = await session.get_one(Worker, replay.world.workers[replay.side])
    conversation = await session.get_one(Conversation, replay.conversation_id)
    for act, value in does.items():
        match act:
            case "take_over":
                await conversations.take_over(hub, session, worker, conversation)
            case "hand_back":
                await conversations.hand_back(hub, session, worker, conversation)
            case "reply":
                await conversations.worker_reply(hub, session, worker, conversation, value)
            case "accept_proof":
                await proofs.accept(hub, session, worker, await replay.last(session, Proof))
            case "reject_proof":
                await proofs.reject(hub, session, worker, await replay.last(session, Proof), value)
            case "accept_move":
                request = await replay.last(session, MoveRequest)
                await move_requests.decide(hub, session, worker, request, starts_at=request.wanted_at)
            case "decline_move":
                await move_requests.decide(
                    hub, session, worker, await replay.last(session, MoveRequest), starts_at=None
                )
            case "move":
                moment = replay.moment(value["in_days"], value["at"])
                await appointments.move(hub, session, f"worker:{worker.id}", await replay.appointment(session), moment)
            case "cancel":
                await appointments.cancel(hub, session, f"worker:{worker.id}", await replay.appointment(session))
            case "outcome":
                state = AppointmentState(value)
                await appointments.set_outcome(
                    hub, session, f"worker:{worker.id}", await replay.appointment(session), state
                )
            case "outcome_of_last":
                last = await session.scalar(select(Appointment).order_by(Appointment.starts_at.desc()).limit(1))
                assert last
                await appointments.set_outcome(hub, session, f"worker:{worker.id}", last, AppointmentState(value))
            case "condition":  # which one, from 1; what was decided; why
                found = await condition_number(session, value["number"])
                to = ConditionState(value["is"])
                await conditions.decide(hub, session, worker, found, to, value.get("why", ""))
            case "give_longer":
                until = replay.moment(value["in_days"], "12:00").date()
                await extensions.accept(hub, session, worker, await replay.last(session, Extension), until)
            case "refuse_longer":
                await extensions.decline(hub, session, worker, await replay.last(session, Extension), value)
            case "silence":
                person = await session.get_one(Person, replay.person_id)
                await silence.decide(hub, session, worker, person, silence.Choice(value))
            case "say_safe":  # after they spoke, this way
                contact = conversation.contact_point
                await safe_contact_record.record(hub, session, f"worker:{worker.id}", contact, f"{value}:{worker.id}")
            case "close_case":  # of a victims case, with the reason in words
                why, words = (value, "") if isinstance(value, str) else (value["why"], value["words"])
                case = await replay.last(session, Case)
                await case_closing.close(hub, session, f"worker:{worker.id}", case, why, words)
            case "reopen_case":
                await case_closing.reopen(hub, session, f"worker:{worker.id}", await replay.last(session, Case))
            case _ if await work_on_thread(replay, session, act, value):
                pass
            case _ if act in CARE:
                await CARE[act](replay, session, value)
            case "invite" | "mark" | "pause" | "end_contact" | "stop_asking" | "speak_of_safe_contact":
                await survey_work(replay, session, worker, act, value)
            case _:
                await work_on_updates(replay, session, act, value)


async def condition_number(session: AsyncSession, number: int) -> Condition:
    """In the order in which the transcript gives them."""
    return (await session.scalars(select(Condition).order_by(Condition.id))).all()[number - 1]
