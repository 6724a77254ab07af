"""UK mobile numbers, parsed once into a value: however people write them, one form is kept.

Knows nothing of channels, people or the store. Numbers of films and tests (Ofcom: 07700 900000 to 900999) are
refused unless `fictional` is asked for, as the demo and the tests do.
"""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType

from hub.errors import BadAddress, Landline, TestNumber

LONGEST_INPUT = 60  # characters; the longest real way of writing has about 25
UK = 44
FICTIONAL = range(7700_900_000, 7700_901_000)  # Ofcom: telephone numbers for use in TV and radio drama

_SEPARATORS = re.compile(r"[.()\[\]]")
_OH_FOR_ZERO = str.maketrans("oO", "00")
_NUMBER = re.compile(r"\+?\d+")

# Numbering plan: https://www.ofcom.org.uk, the National Telephone Numbering Plan.
_WHY_NOT = {
    PhoneNumberType.PREMIUM_RATE: "This one is a service number that costs extra.",
    PhoneNumberType.SHARED_COST: "This one is a service number that costs extra.",
    PhoneNumberType.TOLL_FREE: "This one is a freephone number.",
    PhoneNumberType.VOIP: "This one is an internet phone number, which gets no texts.",
    PhoneNumberType.PERSONAL_NUMBER: "This one is a call-forwarding number (070), which gets no texts.",
    PhoneNumberType.PAGER: "This one is a pager.",
    PhoneNumberType.UAN: "This one is an office number (03).",
}


@dataclass(frozen=True, slots=True)
class Mobile:
    """A number that a text can be sent to. `e164` is the form that networks use: "+447700900123"."""

    e164: str

    @property
    def as_people_write_it(self) -> str:
        """ "07700 900123"."""
        return as_dialled(self.e164)


def parse_mobile(text: str, *, fictional: bool = False) -> Mobile:
    """Read a UK mobile number in any usual way of writing: spaces, +44(0), 0044, O for 0, no first 0.

    Raises
    ------
    Landline
        for a geographic number.
    TestNumber
        for 07700 900000 to 900999, unless `fictional`.
    BadAddress
        for anything else that is not a mobile number of the UK, with the reason.
    """
    number = _parse(_digits(text))
    if number.country_code != UK:
        raise BadAddress("This one is not a UK number.")
    if number.national_number in FICTIONAL:
        if not fictional:
            raise TestNumber
    else:
        _check_kind(number)
    return Mobile(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def as_dialled(number: str) -> str:
    """A number of ours (E.164) as people write it: 07700 900001."""
    found = phonenumbers.parse(number)
    kind = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if found.country_code == UK
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(found, kind)


def _digits(text: str) -> str:
    if len(text) > LONGEST_INPUT:
        raise BadAddress("This is too long for one number.")
    shown = "".join(_plain(c) for c in unicodedata.normalize("NFKC", text))
    number = _SEPARATORS.sub("", shown).translate(_OH_FOR_ZERO)
    if not number:
        raise BadAddress("There is no number here.")
    if not _NUMBER.fullmatch(number):
        raise BadAddress("Enter one number only, without words.")
    return number


def _plain(character: str) -> str:
    """Digits of any script as 0 to 9; spaces, dashes and what cannot be seen as nothing."""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    # Copied from web pages and address books: zero-width spaces and direction marks (Cf), any dash (Pd).
    unseen = unicodedata.category(character) in {"Zs", "Zl", "Zp", "Cf", "Cc", "Pd", "Mn"}
    return "" if unseen or character == "\u2212" else character  # the minus sign is a symbol, not a dash


def _parse(number: str) -> PhoneNumber:
    try:
        return phonenumbers.parse(number, "GB")
    except NumberParseException as wrong:
        raise BadAddress("This is not a telephone number.") from wrong


def _check_kind(number: PhoneNumber) -> None:
    region = phonenumbers.region_code_for_number(number)
    if region is None:
        raise BadAddress("No UK number looks like this one: check the digits.")
    if region != "GB":  # Jersey, Guernsey and the Isle of Man share +44 but not the UK's networks
        raise BadAddress("This one is not a UK number.")
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.FIXED_LINE:
        raise Landline
    if kind != PhoneNumberType.MOBILE:
        raise BadAddress(_WHY_NOT.get(kind, "This one is not a mobile number."))
