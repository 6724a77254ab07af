"""Who is asked by themselves: read as it is written, refused with the reason when it cannot be."""

from datetime import timedelta
from pathlib import Path

import pytest

from hub.errors import FlowInvalid
from hub.surveys.invitation_rules import After, Invitation, With, read_invitations
from hub.words import Role


def written(folder: Path, text: str) -> Path:
    (folder / "surveys").mkdir()
    (folder / "surveys" / "invitations.yml").write_text(f"invitations:\n  - {{{text}}}\n")
    return folder


def test_a_rule_is_read_as_it_is_written(tmp_path: Path) -> None:
    text = "survey: talk, after: session, with: provider, role: supervised, wait: 2, every: 4, rest_days: 21"

    assert read_invitations(written(tmp_path, text), {"talk"}) == (
        Invitation("talk", After.SESSION, With.PROVIDER, Role.SUPERVISED, timedelta(hours=2), 4, timedelta(days=21)),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("survey: tlak, after: session, role: supervised", "no survey `tlak`"),
        ("survey: talk, after: sesion, role: supervised", "sesion"),
        ("survey: talk, after: session", "role"),
        ("survey: talk, after: session, role: supervised, every: 0", "every is 1 or more"),
    ],
)
def test_a_slip_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(FlowInvalid, match=said):
        read_invitations(written(tmp_path, text), {"talk"})
