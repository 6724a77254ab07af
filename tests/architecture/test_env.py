"""Every setting is documented, and nothing is documented that is not a setting."""

import re

from handrail.settings import Settings
from tests.architecture.project_files import ROOMS, ROOT, files, name

PAGE = ROOT / "docs" / "reference" / "settings.md"
SETTING = re.compile(r"HANDRAIL_[A-Z][A-Z0-9_]*[A-Z0-9]")

# Read by tests and set-up only, before or beside the program.
OF_THE_TESTS = {
    "HANDRAIL_CHROMIUM",
    "HANDRAIL_KILL_SENDS",
    "HANDRAIL_WALL_HOUSEHOLDS",
    "HANDRAIL_WALL_SEED",
    "HANDRAIL_WALL_WORLDS",
}


def settings() -> set[str]:
    prefix = Settings.model_config.get("env_prefix", "")
    return {f"{prefix}{field}".upper() for field in Settings.model_fields}


def test_every_setting_is_on_the_page_and_the_page_has_no_other() -> None:
    documented = set(SETTING.findall(PAGE.read_text()))

    assert documented - OF_THE_TESTS == settings()


def test_no_file_speaks_of_a_setting_that_is_none() -> None:
    unknown = {
        name(path): strangers
        for path in files(*ROOMS, "docs", "bot")
        if (strangers := set(SETTING.findall(path.read_text())) - settings() - OF_THE_TESTS)
    }

    assert unknown == {}


def test_the_program_reads_no_setting_behind_the_settings_back() -> None:
    reads = re.compile(r"os\.(?:environ|getenv)\W{0,3}.{0,12}HANDRAIL_")

    assert [name(path) for path in files(*ROOMS, kinds={".py"}) if reads.search(path.read_text())] == []
