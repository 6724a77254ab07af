"""Every command has a plain name, so that no screen shows a word of the code."""

from handrail.checks.commands import UNDERSTANDING
from hub.commands import COMMANDS
from hub.meanings import MEANINGS, TOPICS, how_sure, in_words


def test_every_command_that_can_be_carried_out_has_a_plain_name() -> None:
    unnamed = [command for command in COMMANDS.keys() | UNDERSTANDING if in_words(command) == command.replace("_", " ")]
    assert set(unnamed) <= {"not_understood"}  # plain enough by itself


def test_a_worker_can_choose_every_command_but_what_the_bot_says_of_itself() -> None:
    assert COMMANDS.keys() - MEANINGS.keys() <= {"help"}
    assert not MEANINGS.keys() & UNDERSTANDING


def test_no_two_meanings_read_the_same_and_none_reads_like_code() -> None:
    words = [words for topic in TOPICS.values() for words in topic.values()]
    assert len(words) == len(set(words))
    assert not [each for each in words if "_" in each or not each[0].islower()]


def test_how_sure_is_said_in_words() -> None:
    assert [how_sure(share) for share in (1.0, 0.86, 0.7, 0.3)] == ["sure", "sure", "fairly sure", "a guess"]
