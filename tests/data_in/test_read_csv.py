"""Reading files of a case system: as spreadsheets write them, and every mistake told by row and column."""

from collections.abc import Callable
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.case_systems.csv_import import read_appointments, read_cases, read_people
from integrations.case_systems.report import Problem, in_sentences
from integrations.case_systems.sample import make
from tests.data_in.files import APPOINTMENT, CASE, PERSON, csv_of


def people(*changes: dict[str, str]) -> list[Problem]:
    return list(read_people(csv_of(PERSON, *changes), fictional=True).problems)


def appointments(*changes: dict[str, str]) -> list[Problem]:
    return list(read_appointments(csv_of(APPOINTMENT, *changes)).problems)


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode("utf-8"),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("cp1252"),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace('","', '";"').encode("utf-8"),
        lambda text: text.replace('","', '"\t"').encode("utf-16"),
        lambda text: ("\r\n\r\n" + text + "\r\n,,,,,,,,\r\n").encode("utf-8"),
        lambda text: text.replace("\r\n", "\n").encode("utf-8"),
        lambda text: text.replace("person_ref", " Person Ref ").encode("utf-8"),
    ],
    ids=[
        "UTF-8",
        "BOM",
        "Windows-1252",
        "UTF-16",
        "semicolons",
        "tabs",
        "empty rows",
        "Unix lines",
        "spaced header",
    ],
)
def test_a_file_reads_the_same_whatever_wrote_it(encode: Callable[[str], bytes]) -> None:
    text = csv_of(PERSON, {"name": "Zoë O'Neill"}).decode()
    report = read_people(encode(text), fictional=True)
    assert report.problems == ()
    assert [(row.name, row.mobile) for row in report.rows] == [("Zoë O'Neill", "+447700900123")]


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("31/12/2026", date(2026, 12, 31)),
        ("2026-12-31", date(2026, 12, 31)),
        ("31-Dec-26", date(2026, 12, 31)),
        ("31-Dec-2026", date(2026, 12, 31)),
        ("31/12/26", date(2026, 12, 31)),
        ("1/2/2026", date(2026, 2, 1)),  # day first, always
        ("31 December 2026", date(2026, 12, 31)),
        ("31/12/2026 00:00:00", date(2026, 12, 31)),
        ("2026-12-31T00:00", date(2026, 12, 31)),
        ("9 Sept 2026", date(2026, 9, 9)),
    ],
)
def test_dates_are_read_as_excel_writes_them(written: str, means: date) -> None:
    report = read_appointments(csv_of(APPOINTMENT, {"date": written}))
    assert report.rows[0].day == means
    assert report.problems == ()


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("14:00", time(14)),
        ("14:00:00", time(14)),
        ("9:05", time(9, 5)),
        ("14.30", time(14, 30)),
        ("2pm", time(14)),
        ("2.30pm", time(14, 30)),
        ("2:30 PM", time(14, 30)),
        ("12pm", time(12)),
        ("12am", time(0)),
        ("9 a.m.", time(9)),
        ("midday", time(12)),
    ],
)
def test_times_are_read_as_people_write_them(written: str, means: time) -> None:
    report = read_appointments(csv_of(APPOINTMENT, {"time": written}))
    assert report.rows[0].clock == means
    assert report.problems == ()


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("date", "12/31/2026", "day first"),
        ("date", "30/02/2026", "not a date"),
        ("date", "next Tuesday", "not a date"),
        ("date", "46387", "inner number"),
        ("date", "", "empty"),
        ("time", "25:00", "not a time"),
        ("time", "14pm", "not a time"),
        ("time", "9", "not a time"),  # in the morning or in the evening?
        ("time", "0.583333", "not a time"),
        ("minutes", "half an hour", "not a length"),
        ("minutes", "0", "not a length"),
        ("how", "carrier pigeon", "not one of: in_person, phone, video"),
        ("proof_wanted", "perhaps", "neither yes nor no"),
        ("worker_email", "Priya", "not an e-mail"),
        ("place", "", "where to go"),
        ("with_whom", "x" * 501, "longer than 500"),
        ("appointment_id", "", "empty"),
    ],
)
def test_a_wrong_cell_of_an_appointment_is_told_with_its_row_and_column(column: str, cell: str, said: str) -> None:
    (problem,) = appointments({}, {column: cell})
    assert (problem.row, problem.column) == (3, column)
    assert said in problem.sentence


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("mobile", "020 7946 0123", "landline"),
        ("mobile", "0909 879 0123", "costs extra"),
        ("mobile", "+1 202 555 0123", "not a UK number"),
        ("mobile", "7.7009E+09", "one number only"),
        ("role", "offender", "not one of: supervised, victim, supporter"),
        ("language", "Klingon!", "not a language"),
        ("preferred_channel", "telegram", "not one of: sms, simulator"),
        ("name", "", "empty"),
    ],
)
def test_a_wrong_cell_of_a_person_is_told_with_its_row_and_column(column: str, cell: str, said: str) -> None:
    (problem,) = people({column: cell})
    assert (problem.row, problem.column) == (2, column)
    assert said in problem.sentence


def test_a_number_for_films_is_refused_outside_the_demo() -> None:
    (problem,) = read_people(csv_of(PERSON)).problems
    assert "kept for films and tests" in problem.sentence


def test_all_mistakes_of_a_row_are_told_at_once() -> None:
    assert [problem.column for problem in people({"name": "", "role": "x", "mobile": "x"})] == [
        "name",
        "role",
        "mobile",
    ]


def test_a_wrong_header_tells_what_is_expected_what_is_there_and_what_was_meant() -> None:
    content = csv_of(APPOINTMENT).replace(b"appointment_id", b"apointment_id").replace(b"minutes", b"offence")
    (problem,) = read_appointments(content).problems
    assert problem.row == 1
    assert "Expected columns: appointment_id, person_ref" in problem.sentence
    assert "Found: apointment_id, person_ref" in problem.sentence
    assert "Missing: appointment_id." in problem.sentence
    assert "Is “apointment_id” meant to be “appointment_id”?" in problem.sentence
    assert "Take “offence” out" in problem.sentence


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\r\n , ,\r\n", "empty"),
        (b"PK\x03\x04rest of a workbook", "Excel workbook"),
        (b"\xd0\xcf\x11\xe0old workbook", "Excel workbook"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "not a text file"),
        (b"\xff\xfe\x00", "not a text file"),
        (b"person_ref,person_ref,name,role\r\n", "there twice"),
        (b"x" * (21 * 1024 * 1024), "larger than 20 MB"),
    ],
    ids=["empty", "blank", "xlsx", "xls", "photo", "half UTF-16", "twice", "too large"],
)
def test_what_is_no_table_is_refused_with_one_sentence(content: bytes, said: str) -> None:
    report = read_people(content)
    assert report.rows == ()
    assert said in report.problems[0].sentence


def test_a_row_with_too_many_cells_is_told_and_the_others_are_read() -> None:
    content = csv_of(CASE) + b"C2,P1,bail,01/02/2026,,too,many\r\n" + b"C3,P1,bail,01/02/2026\r\n"
    report = read_cases(content)
    assert [(problem.row, problem.column) for problem in report.problems] == [(3, "")]
    assert [row.ref for row in report.rows] == ["C1", "C3"]


@given(content=st.binary(max_size=300))
def test_any_bytes_give_a_report(content: bytes) -> None:
    header = ",".join(CASE).encode() + b"\r\n"
    for file in (content, header + content):
        report = read_cases(file)
        assert all(str(problem).endswith((".", "?")) for problem in report.problems)


def test_twenty_problems_are_told_one_by_one_and_the_rest_counted() -> None:
    told = in_sentences(people(*[{"name": ""}] * 25))
    assert len(told) == 21
    assert told[0] == "Row 2, name: It is empty."
    assert told[-1] == "And 5 more like these."


@pytest.mark.parametrize("how_many", [1, 500, 1500])
def test_the_sample_is_the_same_for_the_same_seed_and_has_no_mistake(how_many: int) -> None:
    sample = make(how_many, seed=7, start=date(2026, 12, 21))
    assert sample == make(how_many, seed=7, start=date(2026, 12, 21))
    assert sample != make(how_many, seed=8, start=date(2026, 12, 21))
    assert len(sample.appointments) == how_many
    assert people(*map(dict, sample.people)) == []
    assert appointments(*map(dict, sample.appointments)) == []
    days = {row["date"] for row in sample.appointments}
    assert days.isdisjoint({"25/12/2026", "26/12/2026", "27/12/2026", "28/12/2026", "01/01/2027"})


def test_the_sample_refuses_more_people_than_there_are_invented_numbers() -> None:
    with pytest.raises(ValueError, match="1500"):
        make(1501, seed=7, start=date(2026, 12, 21))
