"""The field's words, invented people only, and nothing of the machine that it was written on."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture.project_files import ROOMS, files, name

THIS_FILE = Path(__file__)
SHOWN_TO_PEOPLE = (*ROOMS, "flows", "nlu_data", "docs", "bot")

# A UK mobile number in any writing. Ofcom keeps 07700 900000 to 900999 for drama; all else may be somebody's.
MOBILE = re.compile(r"(?<![\d+])(?:\+44|0044|0)[ -]?7\d{3}[ -]?\d{3}[ -]?\d{3}(?!\d)")
INVENTED = re.compile(r"(?:\+44|0044|0)7700900\d{3}")
# Just outside that range, for the tests of its edges; and libphonenumber's own example of a number in Jersey.
EXAMPLES = {"07700899999", "07700901000", "07700910000", "07797712345"}

# RFC 2606 keeps these names for examples; the second is the user of an address in a URL or of git.
E_MAIL = re.compile(r"[\w.+-]+@([\w-]+\.[\w.-]*[a-z])", re.IGNORECASE)
EXAMPLE_HOST = re.compile(r"(?:.*\.)?(?:example(?:\.com|\.org|\.net)?|invalid|test|localhost)", re.IGNORECASE)

MACHINE = re.compile(r"/(?:home|Users|root|work)/[\w.-]+")


def strange_numbers(text: str) -> list[str]:
    found = {number: re.sub(r"[ -]", "", number) for number in MOBILE.findall(text)}
    return [number for number, digits in found.items() if not INVENTED.fullmatch(digits) and digits not in EXAMPLES]


def strange_e_mails(text: str) -> list[str]:
    return [found.group() for found in E_MAIL.finditer(text) if not EXAMPLE_HOST.fullmatch(found.group(1))]


def mentions(check: Callable[[str], list[str]], *below: str) -> dict[str, list[str]]:
    return {
        name(path): found
        for path in files(*below)
        if path != THIS_FILE and path.name != "package-lock.json" and (found := check(path.read_text()))
    }


def test_nobody_is_called_an_offender() -> None:
    assert mentions(re.compile(r"\w*offender\w*", re.IGNORECASE).findall, *SHOWN_TO_PEOPLE) == {}


def test_every_phone_number_is_one_of_those_kept_for_fiction() -> None:
    assert mentions(strange_numbers) == {}


def test_every_e_mail_address_is_one_of_those_kept_for_examples() -> None:
    assert mentions(strange_e_mails) == {}


def test_no_file_names_a_place_on_the_machine_that_it_was_written_on() -> None:
    assert mentions(MACHINE.findall) == {}


@pytest.mark.parametrize("text", ["07911 123456", "+447911123456", "0044 7911 123 456", "07701 900123"])
def test_a_number_that_may_be_somebodys_is_found(text: str) -> None:
    assert strange_numbers(f"Ring {text}, please") == [text]


@pytest.mark.parametrize("text", ["07700 900123", "+447700900123", "07700-900-999", "a hash of 1079111234567"])
def test_an_invented_number_is_fine(text: str) -> None:
    assert strange_numbers(text) == []


def test_an_e_mail_address_that_may_be_somebodys_is_found() -> None:
    assert strange_e_mails("Write to jo@justice.gov.uk or jo@example.org") == ["jo@justice.gov.uk"]
