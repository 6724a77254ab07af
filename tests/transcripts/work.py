"""What a worker can do in a transcript, by the words of its `worker` steps. Knows nothing of what is checked then."""

from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.asyncio import AsyncSession

from hub import appointments, case_closing, conversations, move_requests, proofs
from hub.store.tables import Case, Conversation, MoveRequest, Proof, Worker
from hub.words import AppointmentState

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
            case "close_case":
                await case_closing.close(hub, session, f"worker:{worker.id}", await replay.last(session, Case), value)
            case "reopen_case":
                await case_closing.reopen(hub, session, f"worker:{worker.id}", await replay.last(session, Case))
            case _:
                raise AssertionError(f"a worker cannot {act}")
