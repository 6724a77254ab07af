"""The files of deploy/, read for the tests beside this. Knows nothing of what is asked of them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
Part = dict[str, Any]


def compose() -> Part:
    found: Part = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return found


def kubernetes() -> list[Part]:
    """Every object of every manifest."""
    files = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    return [part for file in files for part in yaml.safe_load_all(file.read_text()) if part]


def pods() -> Iterator[tuple[str, Part]]:
    """(name, pod) of everything that runs."""
    for part in kubernetes():
        if "template" in part.get("spec", {}):
            yield part["metadata"]["name"], part["spec"]["template"]["spec"]


def alerts() -> list[Part]:
    groups = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yaml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def dashboard() -> Part:
    found: Part = json.loads((DEPLOY / "grafana" / "handrail.json").read_text())
    return found


def containerfile(name: str) -> list[tuple[str, str]]:
    """(instruction, rest) of each line."""
    lines = (DEPLOY / f"Containerfile.{name}").read_text().splitlines()
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines if line and line[0] != "#")]
