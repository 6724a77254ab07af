"""Says commands instead of sentences: the hub owns the words. Must not hold any text that a person reads.

A response in a `domain.yml` of `flows/` reads

    utter_answer_rating:
      - custom: {do: answer_rating, with: {rating: number}}

which becomes `{"do": "answer_rating", "rating": "7"}` for the number 7. `set` adds fixed facts.
"""

from collections.abc import Mapping
from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

Template = dict[str, Any]  # a response as written: do, with, set
Command = dict[str, str]


class Commands(TemplatedNaturalLanguageGenerator):
    """Gives a response as it is written; the rulebook fills it with what was read out of the text.

    Inherits because Rasa hands the responses of a newly loaded model to this kind of generator only.
    """

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        super().__init__(domain.responses)

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **_: Any
    ) -> dict[str, Any] | None:
        return {"custom": self.responses[utter_action][0]["custom"]}


def fill(said: Template, heard: Mapping[str, str]) -> Command:
    """The command of a response, with the entities of the latest text by name."""
    wanted = said.get("with", {})
    found = {name: heard[source] for name, source in wanted.items() if source in heard}
    return {"do": said["do"], **said.get("set", {}), **found}
