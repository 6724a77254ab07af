"""The PostgreSQL that comes from pip: kept between runs, shared, and up again after anything was killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import create_engine, text

from hub.store.local_postgres import LocalPostgres, default_folder

pytestmark = pytest.mark.slow

HOLDER = """
import sys
from pathlib import Path
from hub.store.local_postgres import LocalPostgres
server = LocalPostgres(Path(sys.argv[1]), fast=True)
server.start()
print("started", flush=True)
sys.stdin.readline()
server.stop()
print("stopped", flush=True)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "a folder with spaces"
    yield place
    server = LocalPostgres(place)
    if (place / "data" / "postmaster.pid").exists():
        server.start()
        server.stop()


def ask(url: str, question: str) -> str:
    with psycopg.connect(libpq(url), autocommit=True) as connection:
        row = connection.execute(question.encode()).fetchone()
    return str(row[0]) if row else ""


def change(url: str, statement: str) -> None:
    with psycopg.connect(libpq(url), autocommit=True) as connection:
        connection.execute(statement.encode())


def libpq(url: str) -> str:
    return url.replace("+psycopg", "", 1)


def server_process(folder: Path) -> psutil.Process:
    return psutil.Process(int((folder / "data" / "postmaster.pid").read_text().split("\n")[0]))


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def another_process_using(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    return process


def test_what_was_stored_is_there_after_a_stop_and_a_start(folder: Path) -> None:
    with LocalPostgres(folder) as server:
        change(server.url(), "CREATE TABLE kept AS SELECT 42 AS answer")
        process = server_process(folder)

    assert not is_alive(process)
    with LocalPostgres(folder) as server:
        assert ask(server.url(), "SELECT answer FROM kept") == "42"


def test_it_is_durable_and_takes_200_connections_and_listens_on_no_network(folder: Path) -> None:
    with LocalPostgres(folder) as server:
        assert ask(server.url(), "SHOW fsync") == "on"
        assert ask(server.url(), "SHOW max_connections") == "200"
        assert ask(server.url(), "SHOW listen_addresses") == ""


def test_its_address_is_what_sqlalchemy_takes(folder: Path) -> None:
    with LocalPostgres(folder, fast=True) as server:
        engine = create_engine(server.url())
        with engine.connect() as connection:
            assert connection.execute(text("SELECT current_database()")).scalar() == "handrail"
        engine.dispose()


def test_the_fast_one_does_not_wait_for_the_disk(folder: Path) -> None:
    with LocalPostgres(folder, fast=True) as server:
        assert ask(server.url(), "SHOW fsync") == "off"
        assert ask(server.url(), "SHOW synchronous_commit") == "off"
        assert ask(server.url(), "SHOW full_page_writes") == "off"


def test_a_database_can_be_copied_from_a_template_and_dropped_while_in_use(folder: Path) -> None:
    with LocalPostgres(folder, fast=True) as server:
        template = server.create_database("template_of_ours")
        change(template, "CREATE TABLE things AS SELECT 'from the template' AS thing")

        copy = server.create_database("copy", template="template_of_ours")

        with psycopg.connect(libpq(copy)):
            assert ask(copy, "SELECT thing FROM things") == "from the template"
            server.drop_database("copy")
        with pytest.raises(psycopg.OperationalError, match="does not exist"):
            ask(copy, "SELECT 1")
        server.drop_database("copy")


def test_the_server_runs_until_the_last_process_that_uses_it_stops(folder: Path) -> None:
    ours = LocalPostgres(folder, fast=True)
    ours.start()
    process = server_process(folder)
    other = another_process_using(folder)

    ours.stop()
    assert is_alive(process)

    said, _ = other.communicate("\n")
    assert said == "stopped\n"
    assert not is_alive(process)


def test_two_that_start_at_once_share_one_server(folder: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(folder)]
    pair = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in "ab"]

    said = [process.communicate("\n")[0] for process in pair]

    assert said == ["started\nstopped\n"] * 2
    assert not (folder / "data" / "postmaster.pid").exists()


def test_a_server_whose_only_user_was_killed_is_joined_and_then_stopped(folder: Path) -> None:
    victim = another_process_using(folder)
    process = server_process(folder)
    victim.kill()
    victim.communicate()
    assert is_alive(process)

    with LocalPostgres(folder, fast=True) as server:
        assert server_process(folder) == process
        assert ask(server.url(), "SELECT 1") == "1"

    assert not is_alive(process)


def test_a_killed_server_comes_back_with_everything_that_was_committed(folder: Path) -> None:
    server = LocalPostgres(folder)
    change(server.start(), "CREATE TABLE kept AS SELECT 42 AS answer")
    with psycopg.connect(libpq(server.url())):  # a client that is connected when it happens
        os.kill(server_process(folder).pid, signal.SIGKILL)

        assert ask(server.start(), "SELECT answer FROM kept") == "42"
    server.stop()


def test_a_pid_file_that_names_a_stranger_after_a_power_cut_is_no_obstacle(folder: Path) -> None:
    with LocalPostgres(folder, fast=True):
        before = (folder / "data" / "postmaster.pid").read_text().split("\n")
    for left_over in ("postmaster.pid", ".s.PGSQL.5432.lock"):
        (folder / "data" / left_over).write_text("\n".join([str(os.getpid()), *before[1:]]))

    with LocalPostgres(folder, fast=True) as server:
        assert ask(server.url(), "SELECT 1") == "1"


def test_a_first_start_that_was_interrupted_leaves_nothing_half_done(folder: Path) -> None:
    (folder / "data.new").mkdir(parents=True)
    (folder / "data.new" / "PG_VERSION").write_text("18")

    with LocalPostgres(folder, fast=True) as server:
        assert ask(server.url(), "SELECT 1") == "1"


def test_a_path_too_long_for_a_socket_is_worked_around(folder: Path) -> None:
    deep = folder / ("very-" * 20 + "deep")
    with LocalPostgres(deep, fast=True) as server:
        assert ask(server.url(), "SELECT 1") == "1"


def test_stopping_what_was_not_started_does_nothing(folder: Path) -> None:
    LocalPostgres(folder).stop()

    assert not folder.exists()


def test_data_is_kept_where_the_platform_keeps_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    assert default_folder() == tmp_path / "handrail" / "postgres"
