"""Every file through ClamAV first, where an agency has it: the INSTREAM command of clamd(8), over TCP or a socket file.

A scanner that does not answer lets nothing through. Knows nothing of what a file is.
"""

import asyncio
import struct
from dataclasses import dataclass

from hub.errors import HarmfulFile, ScannerAway
from hub.ports import CleanFile, Files

CHUNK = 64 * 1024
ANSWERS_WITHIN = 20.0  # seconds; ten megabytes take clamd about one


@dataclass(frozen=True, slots=True)
class ScannedFirst:
    """A `hub.ports.Files` in front of another one. `address`: host:port, or the path of clamd's socket."""

    files: Files
    address: str

    async def clean(self, content: bytes, declared_type: str) -> CleanFile:
        """Raises `HarmfulFile`, `ScannerAway`, and what the other one raises."""
        try:
            async with asyncio.timeout(ANSWERS_WITHIN):
                verdict = await self._scan(content)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as away:
            raise ScannerAway from away
        if verdict.endswith(" FOUND"):
            raise HarmfulFile
        if not verdict.endswith(" OK"):  # too large for its settings, out of memory
            raise ScannerAway
        return await self.files.clean(content, declared_type)

    async def _scan(self, content: bytes) -> str:
        reader, writer = await self._connect()
        try:
            writer.write(b"zINSTREAM\0")
            for at in range(0, len(content), CHUNK):
                part = content[at : at + CHUNK]
                writer.write(struct.pack("!L", len(part)) + part)
                await writer.drain()
            writer.write(struct.pack("!L", 0))
            await writer.drain()
            return (await reader.readuntil(b"\0"))[:-1].decode(errors="replace")
        finally:
            writer.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self.address.startswith("/"):
            return await asyncio.open_unix_connection(self.address)
        host, _, port = self.address.rpartition(":")
        return await asyncio.open_connection(host, int(port))
