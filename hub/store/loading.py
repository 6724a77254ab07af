"""What hot queries load: as little as the way in and the way out need, instead of a row's whole neighbourhood.

Measured: with everything joined, most of the time of a send was spent on building objects that nobody looked at.
"""

from sqlalchemy.orm import joinedload, lazyload

from hub.store.tables import Conversation, Line, Message, Person, Worker

PERSON_ALONE = (joinedload(Person.agency), lazyload(Person.worker))
LINE_ALONE = (lazyload(Line.agency),)

# Enough to talk: the person with agency and worker's first name, the line, the address.
TO_TALK = (
    joinedload(Conversation.person).options(joinedload(Person.agency), joinedload(Person.worker).lazyload(Worker.team)),
    joinedload(Conversation.line).lazyload(Line.agency),
    joinedload(Conversation.contact_point),
)

# Enough to send: the same without the worker.
TO_SEND = joinedload(Message.conversation).options(
    joinedload(Conversation.person).options(*PERSON_ALONE),
    joinedload(Conversation.line).lazyload(Line.agency),
    joinedload(Conversation.contact_point),
)
