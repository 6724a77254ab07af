"""The verb `chat`: talk as a person, in the terminal. See handrail/talking.py."""

from typing import Annotated

import typer

from handrail.cli.house import the_settings
from hub.words import ChannelKind

app = typer.Typer()


@app.command()
def chat(
    who: Annotated[str, typer.Option("--as", metavar="NAME|REF", help="Who you are: a name, its beginning, or a ref.")],
    channel: Annotated[ChannelKind | None, typer.Option(help="Default: their preferred one.")] = None,
    language: Annotated[str | None, typer.Option("--lang", help="Change their language first: en, cy.")] = None,
) -> None:
    """Talk as one of the demo's people. Shows what was understood, the answers, and what is waited for."""
    from handrail import talking

    talking.run(the_settings(), who, channel, language)
