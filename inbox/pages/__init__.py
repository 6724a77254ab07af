"""One file a screen: read the request, call the hub, fill the template. A new screen is a file and a line."""

from fastapi import APIRouter

from inbox.pages import (
    appointments,
    chat,
    conversation,
    corrections,
    danger,
    duty,
    front,
    health,
    inbox_list,
    keys,
    live,
    missed,
    people,
    proofs,
    reply,
    search,
    session,
    several,
    survey,
    work,
)

ROUTERS: tuple[APIRouter, ...] = (
    front.router,
    health.router,
    session.router,
    inbox_list.router,
    several.router,
    search.router,
    danger.router,
    duty.router,
    keys.router,
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
