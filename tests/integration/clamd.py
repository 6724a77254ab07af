"""A clamd of our own with one signature, that of the EICAR test file: no download, no service of the machine."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import md5
from pathlib import Path

from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

# https://www.eicar.org/download-anti-malware-testfile/: harmless; in two parts, so that no scanner removes this file.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + rb"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
STARTS_WITHIN = 30  # seconds


def program() -> str | None:
    return shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")


@contextmanager
def clamd(folder: Path) -> Iterator[str]:
    """Its address, while it runs."""
    signatures = folder / "signatures"
    signatures.mkdir()
    (signatures / "eicar.hdb").write_text(f"{md5(EICAR).hexdigest()}:{len(EICAR)}:Eicar-Test\n")
    # The file at the start of anything, a photo included: ClamAV's body-based signatures are hexadecimal.
    (signatures / "eicar.ndb").write_text(f"Eicar-Inside:0:*:{EICAR.hex()}\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = folder / "clamd.conf"
    settings.write_text(
        f"Foreground yes\nTCPSocket {port}\nTCPAddr 127.0.0.1\nDatabaseDirectory {signatures}\n"
        f"TemporaryDirectory {folder}\nUser {Path.home().owner()}\nLogFile {folder / 'clamd.log'}\n"
    )
    folder.chmod(0o755)
    process = subprocess.Popen([program() or "clamd", "-c", str(settings)], stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@retry(stop=stop_after_delay(STARTS_WITHIN), wait=wait_fixed(0.1), retry=retry_if_exception_type(OSError), reraise=True)
def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    assert process.poll() is None, "clamd did not start"
    socket.create_connection(("127.0.0.1", port), 0.2).close()
