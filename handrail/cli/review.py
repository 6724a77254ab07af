"""`handrail nlu review`: what workers say that texts meant, cleaned, and as candidate examples in a file."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from handrail.cli import show
from handrail.cli.edge import wrong_usage
from handrail.cli.house import actor, with_hub
from hub.words import Side

if TYPE_CHECKING:
    from hub.candidates import Candidate
    from hub.core import Hub

    Write = Callable[[list[Candidate]], None]

app = typer.Typer()
NOT_LEARNED_FROM = {"heldout", "tuning"}  # folders of nlu_data/ that hold tests

Export = Annotated[
    Path | None, typer.Option(help="Write the examples to this new file; what is listed is then settled.")
]


@app.command()
def review(
    side: Annotated[Side, typer.Option(help="Whose texts: no file holds both sides.")] = Side.SUPERVISION,
    export: Export = None,
    reject: Annotated[list[int] | None, typer.Option(metavar="ID", help="Say no to this correction.")] = None,
    as_json: show.AsJson = False,
) -> None:
    """Corrections that workers made and nobody has exported, with personal data taken out."""
    from hub.candidates import REVIEWED

    if export and export.exists():
        raise wrong_usage(f"{export} is there already: name a new file.")
    found = with_hub(lambda hub: _settle(hub, side, set(reject or ()), partial(_write, export) if export else None))
    if reject or export:
        _say_what_was_done(found, export)
        return
    rows = [_row(each) for each in found if each.left_out != REVIEWED]
    show.rows(rows, as_json=as_json, none="No corrections wait.")


async def _settle(hub: "Hub", side: Side, rejected: set[int], write: "Write | None") -> "list[Candidate]":
    """What waits and, in the same transaction, what is done with it: no file, no change."""
    from dataclasses import replace

    from hub.candidates import REVIEWED, candidates, settle
    from hub.errors import NotFound

    async with hub.store.transaction() as session:
        found = await candidates(hub, session, side, _ordinary_words())
        if unknown := rejected - {each.id for each in found}:
            raise NotFound(f"({', '.join(map(str, sorted(unknown)))})")
        found = [replace(each, left_out=REVIEWED) if each.id in rejected else each for each in found]
        done = found if write else [each for each in found if each.id in rejected]
        await settle(hub, session, actor(), done)
        if write:
            write([each for each in found if not each.left_out])
        return done if rejected else found


def _write(file: Path, found: "list[Candidate]") -> None:
    from hub.candidates import as_training_data

    file.write_text(as_training_data(found), encoding="utf-8")


def _ordinary_words() -> frozenset[str]:
    """The words of the examples: what has been learned before names nobody."""
    from handrail.checks.examples import read_examples
    from handrail.settings import ROOT
    from hub.anonymise import words_of

    folders = [each for each in (ROOT / "nlu_data").iterdir() if each.is_dir() and each.name not in NOT_LEARNED_FROM]
    return words_of(text for each in folders for texts in read_examples(each).values() for text in texts)


def _say_what_was_done(found: "list[Candidate]", export: Path | None) -> None:
    from hub.candidates import REASONS

    left = Counter(each.left_out for each in found if each.left_out)
    if export:
        typer.echo(f"{len(found) - left.total()} examples written to {export}. Read each before you move it.")
    for reason, number in left.most_common():
        typer.echo(f"{number} left out: {REASONS[reason]}.")


def _row(each: "Candidate") -> dict[str, Any]:
    from hub.candidates import REASONS
    from hub.meanings import in_words

    return {
        "id": each.id,
        "at": each.at,
        "text": each.text,
        "we_waited_for": str(each.awaiting),
        "understood": ", ".join(in_words(command) for command in each.understood),
        "meant": in_words(each.meant),
        "example_of": each.intent,
        "left_out": REASONS.get(each.left_out, ""),
    }
