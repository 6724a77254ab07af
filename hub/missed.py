"""After a missed appointment: what got in the way, in their own words, and then a new time. Blames nobody.

Their words are sealed with the appointment and put to the worker; what follows is the worker's to decide. Knows no
screen.
"""

from hub import move_requests
from hub.answering import Kind
from hub.dates import understand
from hub.free_slots import free_slots
from hub.handling import Handling
from hub.promises import promise
from hub.store.tables import Appointment
from hub.times import local
from hub.words import AppointmentState

ASKS = "appointments.missed"  # the text that asks why
A_TIME_ALONE = 40  # characters: "friday at 11am"; in a longer text a day is part of what happened
LONGEST = 1000  # characters that are kept with the appointment; the message itself is kept whole


async def take_why(handling: Handling, appointment: Appointment, kind: Kind, words: str) -> None:
    """Their words, SKIP or LATER; a time of their own in these words is asked for at once."""
    if kind is Kind.LATER:
        await handling.answered()
        return await handling.say("appointments.missed_later")
    by = ""
    if kind is not Kind.SKIP:
        appointment.why_missed_sealed = handling.key.seal((words or handling.text)[:LONGEST], "words")
        handling.record("why_missed_told", f"appointment:{appointment.id}")
        by = await promise(handling, "missed_appointment", detail=appointment.ref)
    if appointment.state is not AppointmentState.MISSED:  # settled by a worker meanwhile
        await handling.answered()
        return await handling.say("appointments.missed_heard")
    today = local(handling.now, handling.agency.time_zone).date()
    wish = understand(handling.text, today)
    if by and wish and wish.exact and len(handling.text) <= A_TIME_ALONE:
        return await move_requests.ask_to_move(handling, appointment)
    slots = await free_slots(handling.session, appointment, handling.now)
    text_key = "appointments.missed_offer" if by and slots else "appointments.offer_times"
    await move_requests.offer(handling, appointment, slots, text_key)
