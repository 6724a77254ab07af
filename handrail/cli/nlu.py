"""`handrail nlu`: teach the assistant, test it, see what is made of a text."""

import json
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from handrail.cli import show
from handrail.cli.edge import PROBLEM
from handrail.cli.house import the_settings
from hub.words import Awaiting, Role

if TYPE_CHECKING:
    from handrail.nlu.reading import Reading
    from handrail.nlu.score import Score
    from hub.ports import Turn
    from integrations.assistant.rasa import RasaAssistant

app = typer.Typer(help="The assistant: teach it, test it, try a text.")
FROM_STANDARD_INPUT = "-"
MOST_CONFUSIONS = 40


@app.command()
def train(
    force: Annotated[bool, typer.Option("--force", help="Take the new model even when it understands less.")] = False,
) -> None:
    """Teach the assistant anew, compare it with the last one, and take it when it understands no worse.

    Exit code 1 when it does; then the last model stays.
    """
    import asyncio

    from handrail.nlu.promotion import train_and_promote
    from handrail.settings import ROOT
    from hub.flows import Flows

    outcome = asyncio.run(train_and_promote(ROOT, Flows.read(the_settings().flows_folder), force=force))
    _say(outcome.score)
    show.lines(outcome.lost)
    typer.echo(f"Ready: {outcome.model.name}" if outcome.promoted else "Not taken. With --force it would be.")
    raise typer.Exit(0 if outcome.promoted else PROBLEM)


@app.command("fine-tune")
def fine_tune(
    second: Annotated[bool, typer.Option("--second", help="The larger one, asked where the first doubts.")] = False,
    further: Annotated[
        bool, typer.Option("--further", help="One round more from what is kept, not from anew.")
    ] = False,
) -> None:
    """Teach a sentence encoder itself from the examples: most of an hour. Worth it when they grew by a tenth.

    What it learned is kept in bot/handrail_bot/, in fine_tuned.npz or second_reader.npz; `handrail nlu train` uses it.
    """
    from handrail.settings import ROOT
    from integrations.assistant import model

    model.fine_tune(ROOT, second=second, further=further)


@app.command("test")
def measure(
    files: Annotated[
        list[Path] | None, typer.Argument(help="YAML rows {text, awaiting, role, lang, expect: [commands]}.")
    ] = None,
    least: Annotated[float, typer.Option(min=0, max=1, help="The macro-F1 that is wanted.")] = 0.0,
    as_json: show.AsJson = False,
) -> None:
    """Test the whole decision on texts that it never learned from: words of danger, exact replies, assistant, rules.

    Without FILES: the held-out ones of nlu_data/. Exit code 1 below the macro-F1 wanted.
    """
    import asyncio

    from handrail.nlu.examination import examine_files, held_out
    from handrail.settings import ROOT
    from hub.flows import Flows

    async def work() -> "Score":
        async with _assistant() as assistant:
            return await examine_files(Flows.read(the_settings().flows_folder), assistant, files or held_out(ROOT))

    score = asyncio.run(work())
    if as_json:
        more = {"coverage": score.coverage(), "by_command": score.by_command(), "confusions": score.confusions()}
        typer.echo(json.dumps(score.figures() | more, ensure_ascii=False, indent=2))
    else:
        _say(score)
    raise typer.Exit(PROBLEM if score.macro_f1 < least else 0)


@app.command()
def parse(
    text: Annotated[str, typer.Argument(help="A text; or - for JSON lines {text, awaiting, role, lang} to read.")],
    awaiting: Annotated[Awaiting, typer.Option(help="What the conversation is waiting for.")] = Awaiting.NOTHING,
    role: Annotated[Role, typer.Option(help="Who writes.")] = Role.SUPERVISED,
    language: Annotated[str, typer.Option("--lang", help="Their language.")] = "en",
    as_json: show.AsJson = False,
) -> None:
    """What is made of a text, by keyword, words of danger, exact reply or the assistant. Needs nothing else running."""
    import asyncio

    from handrail.nlu.rows import turns_of
    from hub.ports import Turn
    from hub.sms import sanitise

    if text == FROM_STANDARD_INPUT:
        asyncio.run(_read_all(turns_of(sys.stdin), as_json=True))
    else:
        asyncio.run(_read_all([Turn("nlu", sanitise(text), awaiting, role, language)], as_json=as_json))


async def _read_all(turns: "Iterable[Turn]", *, as_json: bool) -> None:
    """One answer a turn, in order, each as soon as it is known."""
    from handrail.nlu.reading import read
    from hub.flows import Flows

    flows = Flows.read(the_settings().flows_folder)
    async with _assistant() as assistant:
        for turn in turns:
            reading = await read(flows, assistant, turn)
            if as_json:
                sys.stdout.write(json.dumps(reading.as_json(), ensure_ascii=False) + "\n")
                sys.stdout.flush()
            else:
                show.lines(_in_words(reading))


def _in_words(reading: "Reading") -> Iterable[str]:
    yield f"Does: {', '.join(reading.commands) or 'nothing; a human reads it'}"
    if reading.entities:
        yield f"With: {', '.join(f'{name} = {value}' for name, value in reading.entities.items())}"
    yield f"Because: {reading.decided_by}" + (f", {reading.intent}" if reading.intent else "")
    yield f"Sure: {reading.confidence:.0%}"
    if reading.runners_up:
        yield f"Or: {', '.join(f'{name} {confidence:.0%}' for name, confidence in reading.runners_up)}"
    for hit in reading.safety:
        yield f"Safety: {hit['kind']}, {hit['why']}" + (f" (“{hit['words']}”)" if hit["words"] else "")


def _say(score: "Score") -> None:
    for found in score.confusions()[:MOST_CONFUSIONS]:
        typer.echo(f"{found['texts']:>4}  {found['wanted']} read as {found['said']}: “{found['such_as']}”")
    for name, figure in score.figures().items():
        typer.echo(f"{name.replace('_', ' ')}: {figure:.1%}" if name != "texts" else f"{figure} texts")


@asynccontextmanager
async def _assistant() -> "AsyncIterator[RasaAssistant]":
    """One of our own, of the present files: what runs elsewhere may have learned something else."""
    from handrail.settings import ROOT
    from hub.clock import SystemClock
    from integrations.assistant.rasa import RasaAssistant
    from integrations.assistant.server import BotServer

    with BotServer(ROOT) as server:
        assistant = RasaAssistant(server.base_url, server.token, clock=SystemClock(), timeout=10)
        try:
            yield assistant
        finally:
            await assistant.aclose()
