"""Verbs that look and tell: check, doctor, settings, docs, openapi, version."""

import json
import sys
from typing import Annotated

import typer

from handrail.cli import show
from handrail.cli.edge import PROBLEM
from handrail.cli.house import the_settings

app = typer.Typer()


@app.command()
def check(
    lengths: Annotated[bool, typer.Option("--lengths", help="Show how many parts each English text takes.")] = False,
    as_json: show.AsJson = False,
) -> None:
    """Prove that texts, rules and examples are whole. Surveys too. Exit code 1 when something is not."""
    from handrail import checks
    from handrail.checks.texts import lengths as lengths_of
    from handrail.settings import ROOT

    ground = checks.Ground.read(the_settings().flows_folder, ROOT / "nlu_data")
    problems = checks.check(ground)
    if as_json:
        show.rows([{"file": p.file, "problem": p.sentence} for p in problems], as_json=True, none="")
    else:
        show.lines(map(str, problems))
        typer.echo(f"{len(problems)} to put right." if problems else _all_well(ground))
    if lengths and ground.flows:
        show.rows(list(lengths_of(ground)), as_json=as_json, none="")
    raise typer.Exit(PROBLEM if problems else 0)


def _all_well(ground: object) -> str:
    from handrail.checks import CHECKS, Ground
    from handrail.checks.texts import in_one
    from hub.text_rules import MOST_PARTS, OLDEST

    assert isinstance(ground, Ground)  # noqa: S101
    texts = ground.whole.texts.languages
    counted = ", ".join(f"{len(language.templates)} texts in {name}" for name, language in sorted(texts.items()))
    one, number = in_one(ground)
    lengths = f"{100 * one // number} of 100 in English take one SMS, none more than {MOST_PARTS}"
    ages = f"nobody need be older than {OLDEST} to read them"
    return f"All well: {len(CHECKS)} checks, {counted}, {len(ground.whole.nudges)} nudges; {lengths}; {ages}."


@app.command()
def doctor(
    worker: Annotated[bool, typer.Option("--worker", help="Only whether a worker lives here: for probes.")] = False,
    as_json: show.AsJson = False,
) -> None:
    """Is all well here? A line each, with what to do. Exit code 1 when something is wrong."""
    if worker:
        from handrail import alive

        living = alive.is_alive(the_settings().data_folder)
        typer.echo(
            "A worker lives here." if living else "No worker has shown itself here for a minute.", err=not living
        )
        raise typer.Exit(0 if living else PROBLEM)
    from handrail import doctor as the_doctor

    findings = the_doctor.examine(the_settings())
    if as_json:
        show.rows([finding.as_row() for finding in findings], as_json=True, none="")
    else:
        show.lines(str(finding) for finding in findings)
    raise typer.Exit(0 if all(finding.ok for finding in findings) else PROBLEM)


@app.command()
def settings(
    docs: Annotated[bool, typer.Option("--docs", help="Every setting explained, as Markdown.")] = False,
    as_json: show.AsJson = False,
) -> None:
    """The settings as they stand. Secrets are covered."""
    from handrail import reference

    if docs:
        typer.echo(reference.settings_page(), nl=False)
        return
    show.rows(reference.settings_now(the_settings()), as_json=as_json, none="")


@app.command()
def docs(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit code 1 when a page is old.")] = False,
) -> None:
    """Write the pages of docs/ that are made from the code."""
    from handrail import reference

    for file, page in reference.pages().items():
        current = file.exists() and file.read_text(encoding="utf-8") == page
        if check and not current:
            typer.echo(f"{file.name} is old: run `handrail docs`.", err=True)
            raise typer.Exit(PROBLEM)
        if not check:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(page, encoding="utf-8")
            typer.echo(f"{file.name}: {'as it was' if current else 'written'}")


@app.command()
def openapi() -> None:
    """The API's description (OpenAPI), as JSON."""
    from handrail import wiring
    from handrail.settings import Mode, Settings
    from hub.store.vault import Vault

    # A description needs no database and no secret: nothing here is ever opened.
    bare = Settings.model_construct(mode=Mode.DEMO, master_key=Vault.new_master_key())
    hub = wiring.build_hub(bare, "postgresql+psycopg:///")
    json.dump(wiring.build_web(bare, hub).openapi(), sys.stdout, indent=2)
    typer.echo()


@app.command()
def version() -> None:
    """Which version this is."""
    from importlib import metadata

    from hub.store import migrate

    typer.echo(f"handrail {metadata.version('handrail')}")
    typer.echo(f"tables {migrate.newest()}, Python {sys.version.split()[0]}")
