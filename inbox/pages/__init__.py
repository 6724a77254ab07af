"""One file a screen: read the request, call the hub, fill the template. A new screen is a file and a line."""

from fastapi import APIRouter

from inbox.pages import (
    appointments,
    chat,
    conversation,
    corrections,
    front,
    health,
    inbox_list,
    live,
    missed,
    people,
    proofs,
    reply,
    session,
    survey,
    work,
)

ROUTERS: tuple[APIRouter, ...] = (
    front.router,
    health.router,
    session.router,
    inbox_list.router,
    conversation.router,
    corrections.router,
    reply.router,
    work.router,
    proofs.router,
    appointments.router,
    missed.router,
    people.router,
    live.router,
    chat.router,
    survey.router,
)
