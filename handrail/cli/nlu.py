"""`handrail nlu`: teach the assistant, test it, see what is made of one text."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from handrail.cli import show
from handrail.cli.edge import PROBLEM
from handrail.cli.house import the_settings
from hub.errors import AssistantUnavailable
from hub.words import Awaiting, Role

if TYPE_CHECKING:
    from hub.ports import Decision, Turn
    from integrations.assistant.rasa import RasaAssistant

app = typer.Typer(help="The assistant: teach it, test it, try a text.")
OFF = "off: this text would go to a person"


@app.command()
def train() -> None:
    """Teach the assistant what has changed in flows/ and nlu_data/ (about half a minute)."""
    from handrail.settings import ROOT
    from integrations.assistant.model import train as teach

    typer.echo(f"Ready: {teach(ROOT).name}")


@app.command("test")
def measure(
    least: Annotated[float, typer.Option(min=0, max=1, help="The mean share right that is wanted.")] = 0.80,
    as_json: show.AsJson = False,
) -> None:
    """Ask the assistant about texts that it never learned from. Exit code 1 below the share wanted."""
    import asyncio

    from handrail.heldout import score
    from handrail.settings import ROOT

    with _assistant() as assistant:
        result = asyncio.run(score(assistant, ROOT / "nlu_data" / "heldout"))
    if as_json:
        show.rows(
            [{"kind": kind, "share": share} for kind, share in result.by_kind().items()],
            as_json=True,
            none="",
        )
    else:
        show.lines(f"“{read.text}”: {', '.join(read.said) or 'nothing'}, not {read.kind}" for read in result.wrong())
        typer.echo(f"{len(result.reads)} texts: {result.share:.1%} right, {result.macro:.1%} as the mean of kinds.")
    raise typer.Exit(PROBLEM if result.macro < least else 0)


@app.command()
def parse(
    text: str,
    awaiting: Annotated[Awaiting, typer.Option(help="What the conversation is waiting for.")] = Awaiting.NOTHING,
    role: Annotated[Role, typer.Option(help="Who writes.")] = Role.SUPERVISED,
    language: Annotated[str, typer.Option("--lang", help="Their language.")] = "en",
    as_json: show.AsJson = False,
) -> None:
    """What is made of one text, step by step: keyword, words of danger, exact reply, the assistant."""
    import asyncio

    from hub.flows import Flows
    from hub.ports import Turn
    from hub.sms import sanitise

    settings = the_settings()
    flows = Flows.read(settings.flows_folder)
    turn = Turn("parse", sanitise(text), awaiting, role, language)
    steps = {
        "keyword": flows.keywords.match(turn.text) or "",
        "danger": ", ".join(flows.safety.match(turn.text)),
        "exact reply": _in_words(flows.exact.decide(turn)),
        "assistant": asyncio.run(_ask(turn)),
    }
    show.rows([{"step": step, "makes of it": made} for step, made in steps.items()], as_json=as_json, none="")


async def _ask(turn: "Turn") -> str:
    assistant = _of_the_settings()
    try:
        return _in_words(await assistant.decide(turn))
    except AssistantUnavailable:
        return OFF
    finally:
        await assistant.aclose()


def _in_words(decision: "Decision | None") -> str:
    if decision is None:
        return ""
    said = ", ".join(_command(command.do, dict(command.entities)) for command in decision.commands)
    sure = f" (as {decision.intent}, {decision.confidence:.0%})" if decision.decided_by == "assistant" else ""
    others = "".join(f"; {name} {share:.0%}" for name, share in decision.runners_up)
    return f"{said}{sure}{others}"


def _command(do: str, entities: dict[str, Any]) -> str:
    return " ".join([do, *(f"{name}={value}" for name, value in entities.items())])


def _of_the_settings() -> "RasaAssistant":
    from hub.clock import SystemClock
    from integrations.assistant.rasa import RasaAssistant

    settings = the_settings()
    return RasaAssistant(settings.bot_url, settings.bot_token, clock=SystemClock())


@contextmanager
def _assistant() -> "Iterator[RasaAssistant]":
    """One of our own, of the present files: what runs elsewhere may have learned something else."""
    from handrail.settings import ROOT
    from hub.clock import SystemClock
    from integrations.assistant.rasa import RasaAssistant
    from integrations.assistant.server import BotServer

    with BotServer(ROOT) as server:
        yield RasaAssistant(server.base_url, server.token, clock=SystemClock(), timeout=10)
