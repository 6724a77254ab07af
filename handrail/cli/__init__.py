"""The command line: `handrail VERB` or `handrail NOUN VERB`.
One small file a group; each verb imports what it needs.

Only typer and the words of the house are imported here, so that `--help` answers at once.
"""

import typer

from handrail.cli import (
    agencies,
    appointments,
    cases,
    coming,
    db,
    escalations,
    hours,
    keys,
    lines,
    nlu,
    outbox,
    people,
    prove,
    referrals,
    review,
    run,
    surveys,
    talk,
    threads,
    users,
)
from handrail.cli.edge import Edge

app = typer.Typer(
    cls=Edge,
    help="Handrail: reminders, check-ins, proofs and surveys by text; a human for what no bot should decide.",
    epilog="Exit codes: 0 fine, 1 a problem was found, 2 used wrongly. Settings: `handrail settings --docs`.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help: loading the library that draws it would cost more than all the rest
    pretty_exceptions_enable=False,
)
for verbs in (run.app, talk.app, coming.app, prove.app):
    app.registered_commands += verbs.registered_commands
nlu.app.registered_commands += review.app.registered_commands
for noun, group in {
    "outbox": outbox.app,
    "people": people.app,
    "cases": cases.app,
    "appointments": appointments.app,
    "surveys": surveys.app,
    "referrals": referrals.app,
    "escalations": escalations.app,
    "agencies": agencies.app,
    "lines": lines.app,
    "hours": hours.app,
    "threads": threads.app,
    "users": users.app,
    "keys": keys.app,
    "nlu": nlu.app,
    "db": db.app,
    "audit": db.audit,
}.items():
    app.add_typer(group, name=noun, no_args_is_help=True)
