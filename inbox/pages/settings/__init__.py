"""The settings: a worker's own, and what an administrator decides for those who work here. One file a screen."""

from fastapi import APIRouter

from inbox.pages.settings import (
    agency,
    audit,
    channels,
    check_ins,
    colleagues,
    colleagues_change,
    hours,
    index,
    keys,
    own_sign_in,
    referrals,
    retention,
    sessions,
    teams,
    venues,
)

ROUTERS: tuple[APIRouter, ...] = (
    index.router,
    own_sign_in.router,
    sessions.router,
    colleagues.router,
    colleagues_change.router,
    teams.router,
    agency.router,
    hours.router,
    check_ins.router,
    venues.router,
    referrals.router,
    channels.router,
    retention.router,
    keys.router,
    audit.router,
)
