"""The hub's two doors as the webhooks see them: they remember what came, and can be shut."""

import json
from pathlib import Path
from typing import Any

from hub.errors import StoreUnavailable
from hub.ports import Inbound, Receipt

PAYLOADS = Path(__file__).parents[1] / "payloads"


def payload(name: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads((PAYLOADS / name).read_text())
    return said


class Doors:
    def __init__(self) -> None:
        self.inbound: list[Inbound] = []
        self.receipts: list[Receipt] = []
        self.shut = False

    async def accept(self, inbound: Inbound) -> None:
        if self.shut:
            raise StoreUnavailable
        self.inbound.append(inbound)

    async def record_receipt(self, receipt: Receipt) -> None:
        if self.shut:
            raise StoreUnavailable
        self.receipts.append(receipt)
