"""What stock Rasa lacks to be measured here, loaded into its process: where its Twilio channel finds the provider, and
a sentence for each command of our model. Everything else is Rasa's own: channel, tracker store, lock store, policies.

Lives in the bot's environment: nothing of the hub is imported.
"""

# mypy: disable-error-code="import-not-found, misc"
import os
from typing import Any

from rasa.core.channels.channel import OutputChannel
from rasa.core.channels.twilio import TwilioInput
from rasa.core.nlg import TemplatedNaturalLanguageGenerator

SENTENCE = "Thank you. We have your message and somebody will answer you."


class LocalTwilio(TwilioInput):
    def get_output_channel(self) -> OutputChannel:
        channel = super().get_output_channel()
        channel.api.base_url = os.environ["STOCK_PROVIDER"]
        return channel


class OneSentence(TemplatedNaturalLanguageGenerator):
    def __init__(self, endpoint_config: Any, domain: Any) -> None:
        super().__init__(domain.responses)

    async def generate(self, *_: Any, **__: Any) -> dict[str, Any]:
        return {"text": SENTENCE}
