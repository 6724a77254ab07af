"""Who puts one reading right is believed at once: an example word for word means what it says."""

import pytest

from integrations.assistant.server import BotServer
from tests.bot.asking import ask

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("text", ["found them", "Found them!", "FOUND EM they were in my coat"])
def test_an_example_is_read_as_it_was_taught(bot: BotServer, text: str) -> None:
    """By its sense alone the first is taken for harm to a child: many an example of that begins with what was found."""
    assert ask(bot, text)["intent"] == "out_of_scope"


def test_one_word_alone_means_what_was_asked(bot: BotServer) -> None:
    """“12” is an example of a time; where a number is asked for it is one."""
    assert ask(bot, "12", awaiting="survey_rating")["commands"][0]["do"] == "answer_rating"
