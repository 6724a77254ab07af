"""The hub's tools, put together once by `handrail/wiring.py` and handed to every function that needs them."""

from dataclasses import dataclass, field

from hub.flows import Flows
from hub.own_wording import OwnWording
from hub.ports import Assistant, Channels, Clock, Files, Transcriber
from hub.store.engine import Store
from hub.store.tables import Person
from hub.store.vault import Vault
from hub.texts import Texts


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
    transcriber: Transcriber | None = None  # None: voice messages are listened to, and not written down
    wording: OwnWording = field(default_factory=OwnWording)

    def texts_for(self, person: Person) -> Texts:
        """Every text as this person's agency says it."""
        return self.wording.over(self.flows.texts, self.flows.text_rules, person.agency_id, person.side)
