"""The hub's tools, put together once by `handrail/wiring.py` and handed to every function that needs them."""

from dataclasses import dataclass

from hub.flows import Flows
from hub.ports import Assistant, Channels, Clock, Files
from hub.store.engine import Store
from hub.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Hub:
    store: Store
    vault: Vault
    flows: Flows
    clock: Clock
    assistant: Assistant
    channels: Channels
    files: Files
    public_url: str = "http://localhost:8000"  # where the links in texts lead; no trailing slash
