"""Reads the examples, in Rasa's own format, as one message for each intent of each file. Must not judge them.

Rasa reads each file three times in pure Python, and copies and hashes each message at every step: with 57,000
examples, a message each, that took a quarter of the whole training. `nlu_data/` is a folder of folders, one a
language; an example is a bare line, without marks for entities.
"""

from pathlib import Path

import yaml
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

FOLDER = "nlu_data"


class Examples(RasaFileImporter):
    """Files below `nlu_data/` are read here, all others as Rasa does."""

    def __init__(self, config_file: str, domain_path: str, training_data_paths: list[str] | str | None = None) -> None:
        paths = [training_data_paths] if isinstance(training_data_paths, str) else training_data_paths or []
        self._folders = [Path(path) for path in paths if FOLDER in Path(path).parts]
        others = [path for path in paths if FOLDER not in Path(path).parts]
        super().__init__(config_file, domain_path, others)

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        files = [file for folder in self._folders for file in sorted(folder.rglob("*.yml"))]
        ours = TrainingData([example for file in files for example in read(file)])
        return ours.merge(super().get_nlu_data(language))


def read(file: Path) -> list[Message]:
    """The examples of a file that has nothing but `nlu:` with intents: the lines of one text."""
    blocks = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["nlu"]
    return [Message({TEXT: block["examples"], INTENT: block["intent"]}) for block in blocks]


def lines(block: Message) -> list[str]:
    """The single examples of what `read` made."""
    return [line.removeprefix("- ") for line in block.get(TEXT).splitlines()]
