"""Says commands instead of sentences: the hub owns the words. Must not hold any text that a person reads.

A response in a `domain.yml` of `flows/` reads

    utter_answer_rating:
      - custom: {do: answer_rating, with: {rating: number}}

which becomes `{"do": "answer_rating", "rating": "7"}` for the number 7. `set` adds fixed facts.
"""

from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig


class Commands(TemplatedNaturalLanguageGenerator):
    """Fills the command of a response with what was read out of the latest text.

    Inherits because Rasa hands the responses of a newly loaded model to this kind of generator only.
    """

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        super().__init__(domain.responses)

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **_: Any
    ) -> dict[str, Any] | None:
        said = self.responses[utter_action][0]["custom"]
        return {"custom": command(said, heard(tracker))}


def heard(tracker: DialogueStateTracker) -> dict[str, str]:
    """The entities of the latest text by name; the first of each name counts."""
    entities = tracker.latest_message.entities if tracker.latest_message else []
    return {entity["entity"]: str(entity["value"]) for entity in reversed(entities)}


def command(said: dict[str, Any], entities: dict[str, str]) -> dict[str, str]:
    wanted = said.get("with", {})
    found = {name: entities[source] for name, source in wanted.items() if source in entities}
    return {"do": said["do"], **said.get("set", {}), **found}
