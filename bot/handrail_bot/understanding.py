"""Several texts read in one run of Rasa's graph: a text and its clauses. Must not decide what is done.

Rasa's own `parse_message` takes one text, and each run costs more than what our parts do in it (docs/nlu.md).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.shared.core.trackers import DialogueStateTracker

Parsed = dict[str, Any]


def understand(agent: Agent, texts: Sequence[str], context: Mapping[str, str]) -> list[Parsed]:
    """What Rasa's parts made of each text: `text`, `intent`, `intent_ranking`, `entities`."""
    processor = agent.processor
    target = processor.model_metadata.nlu_target
    inputs = {
        PLACEHOLDER_MESSAGE: [UserMessage(text, metadata=dict(context)) for text in texts],
        PLACEHOLDER_TRACKER: DialogueStateTracker.from_events("turn", []),
    }
    read = processor.graph_runner.run(inputs, [target])[target]
    return [{"entities": [], **message.as_dict(only_output_properties=True)} for message in read]
