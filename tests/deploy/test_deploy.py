"""What runs in production names commands, settings and measures that exist, runs as nobody in particular, is probed."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.main import get_command

from handrail.cli import app
from handrail.settings import Settings
from inbox.app import WebSettings, create_app
from inbox.measures import Measures
from tests.deploy.files import DEPLOY, ROOT, alerts, compose, containerfile, dashboard, kubernetes, pods
from tests.world import World

SETTING = re.compile(r"HANDRAIL_[A-Z_]+")
MEASURE = re.compile(r"handrail_[a-z_]+")
SUFFIXES = ("_bucket", "_count", "_sum", "_total")
TEXTS = sorted(path for path in DEPLOY.rglob("*") if path.is_file())
WORKLOADS = dict(pods())


def settings() -> set[str]:
    return {f"HANDRAIL_{name.upper()}" for name in Settings.model_fields}


def measures() -> set[str]:
    return set(re.findall(r"^# TYPE (\S+)", Measures().text().decode(), re.MULTILINE))


def commands() -> Iterator[list[str]]:
    """Every `handrail …` that is started, as its words."""
    for service in compose()["services"].values():
        yield service.get("command", [])
        yield service.get("healthcheck", {}).get("test", [None])[1:]
    for pod in WORKLOADS.values():
        for container in pod["containers"]:
            yield container.get("command", [])
            for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
                yield container.get(probe, {}).get("exec", {}).get("command", [])
    yield json.loads(dict(containerfile("hub"))["CMD"])


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(DEPLOY).as_posix())
def test_every_setting_that_is_named_is_one(path: Any) -> None:
    assert set(SETTING.findall(path.read_text())) <= settings()


def test_every_command_that_is_started_exists() -> None:
    started = [words for words in commands() if words[:1] == ["handrail"]]
    assert len(started) >= 8
    for words in started:
        command: Any = get_command(app)
        for word in words[1:]:
            if word.startswith("--"):
                assert any(word in option.opts for option in command.params), words
            else:
                command = command.get_command(typer.Context(command), word)
                assert command, words


def test_every_measure_of_the_dashboard_and_the_alerts_exists() -> None:
    known = measures()
    asked = [target["expr"] for panel in dashboard()["panels"] for target in panel["targets"]]
    for expression in [*asked, *(rule["expr"] for rule in alerts())]:
        found = MEASURE.findall(expression)
        assert found, expression
        for name in found:
            assert name in known or name.removesuffix(next(filter(name.endswith, SUFFIXES), "")) in known, name


def test_every_measure_is_on_the_dashboard() -> None:
    shown = json.dumps(dashboard())
    of_the_process = {"handrail_request_seconds"}
    assert {name for name in measures() if name not in shown} - of_the_process == set()


async def test_what_metrics_tells_is_what_the_files_were_checked_against(world: World) -> None:
    page = create_app(world.hub, settings=WebSettings()).state.measures.text().decode()
    assert set(re.findall(r"^# TYPE (\S+)", page, re.MULTILINE)) == measures()


@pytest.mark.parametrize(
    "what",
    [
        "scheduler_last_tick_seconds",  # heartbeat late
        'due_oldest_seconds{priority="urgent"}',
        'oldest_seconds{state="uncertain"}',
        "crisis_untaken_oldest_seconds",
        "spool_waiting",
        "provider_errors_total",
    ],
)
def test_somebody_hears_of(what: str) -> None:
    rules = [rule for rule in alerts() if what in rule["expr"]]
    assert rules
    for rule in rules:
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["summary"]


def test_names_of_alerts_and_panels_are_told_apart() -> None:
    for names in ([rule["alert"] for rule in alerts()], [panel["id"] for panel in dashboard()["panels"]]):
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", ["hub", "bot"])
def test_an_image_is_pinned_and_runs_as_nobody_in_particular(name: str) -> None:
    lines = containerfile(name)
    bases = [rest.split(" ")[0] for word, rest in lines if word == "FROM"]
    assert all(re.search(r":\d+\.\d+\.\d+-", base) for base in bases)
    assert len(set(bases)) == 1, "the environment is made for the Python that runs it"
    assert dict(lines)["USER"] == "10001:10001"


@pytest.mark.parametrize("name", ["hub", "bot"])
def test_an_image_copies_what_is_there(name: str) -> None:
    copied = [rest.split(" ")[1] for word, rest in containerfile(name) if word == "COPY" and "--from" in rest]
    assert copied
    for path in copied:
        assert path.startswith("/app/")
        assert path == "/app/.venv" or (ROOT / path.removeprefix("/app/")).exists(), path


@pytest.mark.parametrize("name", WORKLOADS)
def test_a_pod_may_do_little_and_takes_little(name: str) -> None:
    pod = WORKLOADS[name]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["automountServiceAccountToken"] is False
    for container in pod["containers"]:
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"]["limits"]["memory"]


@pytest.mark.parametrize("name", [name for name in WORKLOADS if name != "migrate"])
def test_what_runs_for_long_is_probed(name: str) -> None:
    assert all("livenessProbe" in container for container in WORKLOADS[name]["containers"])


def test_what_has_copies_keeps_one_while_a_machine_is_emptied() -> None:
    copied = {p["metadata"]["name"] for p in kubernetes() if p.get("spec", {}).get("replicas", 1) > 1}
    kept = {p["metadata"]["name"] for p in kubernetes() if p["kind"] == "PodDisruptionBudget"}
    assert copied == kept == {"web", "worker", "bot"}


def test_secrets_stand_by_reference_alone() -> None:
    assert [part for part in kubernetes() if part["kind"] == "Secret"] == []
    secret = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|DATABASE_URL|SID")
    for part in kubernetes():
        if part["kind"] == "ConfigMap":
            assert [name for name in part["data"] if secret.search(name)] == []
    for path in DEPLOY.glob("*.example"), DEPLOY.glob(".*.example"):
        for file in path:
            filled = re.findall(r"^(\w*(?:KEY|TOKEN|SECRET|PASSWORD)\w*)=(.+)$", file.read_text(), re.MULTILINE)
            assert filled == []


def test_the_workers_alone_reach_the_assistant_and_it_reaches_nobody() -> None:
    policies = {p["metadata"]["name"]: p["spec"] for p in kubernetes() if p["kind"] == "NetworkPolicy"}
    assert policies["nobody"] == {"podSelector": {}, "policyTypes": ["Ingress"]}
    (rule,) = policies["bot"]["ingress"]
    assert rule["from"] == [{"podSelector": {"matchLabels": {"app": "worker"}}}]
    assert "Egress" in policies["bot"]["policyTypes"]
    assert "egress" not in policies["bot"]
    here = compose()
    assert here["networks"]["assistant"]["internal"]
    services = here["services"]
    assert {name for name, s in services.items() if "assistant" in s["networks"]} == {"worker", "bot-1", "bot-2"}
    assert services["bot-1"]["networks"] == services["bot-2"]["networks"] == ["assistant"]


def test_what_the_web_keeps_on_disk_outlives_it() -> None:
    (web,) = [part for part in kubernetes() if part["metadata"]["name"] == "web" and part["kind"] == "StatefulSet"]
    (claim,) = web["spec"]["volumeClaimTemplates"]
    mounts = web["spec"]["template"]["spec"]["containers"][0]["volumeMounts"]
    assert {"name": claim["metadata"]["name"], "mountPath": "/data"} in mounts
    here = compose()
    assert here["services"]["web"]["volumes"] == ["spool:/data"]
    assert "spool" in here["volumes"]


def test_every_reference_of_the_manifests_leads_somewhere() -> None:
    made_here = {p["metadata"]["name"] for p in kubernetes() if p["kind"] == "ConfigMap"}
    told_how = (DEPLOY / "kubernetes" / "settings.yaml").read_text() + (
        DEPLOY / "kubernetes" / "postgres.yaml"
    ).read_text()
    for pod in WORKLOADS.values():
        for source in pod["containers"][0].get("envFrom", []):
            if "configMapRef" in source:
                assert source["configMapRef"]["name"] in made_here
            else:
                assert f"create secret generic {source['secretRef']['name']}" in told_how


def test_addresses_of_services_are_those_of_the_settings() -> None:
    (settings_map,) = [part for part in kubernetes() if part["kind"] == "ConfigMap"]
    services = {p["metadata"]["name"]: p["spec"]["ports"][0]["port"] for p in kubernetes() if p["kind"] == "Service"}
    assert settings_map["data"]["HANDRAIL_BOT_URL"] == f"http://bot:{services['bot']}"
    for url in compose()["x-hub"]["environment"]["HANDRAIL_BOT_URL"].split():
        assert url.removeprefix("http://").removesuffix(":5005") in compose()["services"]
