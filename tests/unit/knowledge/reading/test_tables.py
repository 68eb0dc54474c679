"""Rows of workbooks and CSV: each a line that can be found and quoted by itself."""

import datetime

import pytest

from tests.papers.office import make_xlsx
from tests.unit.knowledge.reading.reports import read


def test_a_row_names_its_columns_its_sheet_and_its_place() -> None:
    rows = [["Department", "Budget"], *[[f"Team {n}", n * 100] for n in range(2, 60)]]
    report = read("a.xlsx", make_xlsx({"Budget": rows, "Notes": [["Approved in May"]]}))
    first, second, notes = report.passages
    assert first.heading == "Budget"
    assert first.place == "sheet Budget, rows 1–30"
    assert second.place == "sheet Budget, rows 31–59"
    assert second.text.startswith("- Department: Team 31; Budget: 3100\n")
    assert (notes.place, notes.text) == ("sheet Notes, row 1", "- Approved in May")


def test_values_are_written_as_people_write_them() -> None:
    day = datetime.datetime(2024, 5, 12)
    values = [["When", "Share", "Done", "None"], [day, 0.1 + 0.2, True, None]]
    text = read("a.xlsx", make_xlsx({"S": values})).text
    assert "- When: 2024-05-12; Share: 0.3; Done: yes\n" in text


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_parted_by_what_its_first_line_has(delimiter: str) -> None:
    rows = [["Name", "Says"], ["Ann", "one\ntwo"]]
    data = "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    (passage,) = read("a.csv", data.encode()).passages
    assert passage.text == "Columns: Name; Says\n\n- Name: Ann; Says: one two"
    assert passage.place == "rows 1–2"


def test_a_table_without_names_is_read_as_it_is() -> None:
    assert read("a.csv", b"1,2\n3,4\n").text == "- 1; 2\n- 3; 4\n\n"


def test_code_is_cut_between_lines_and_says_which() -> None:
    code = "\n\n".join(f"def step_{n}():\n    return {n} + {n}" for n in range(100))
    report = read("steps.py", code.encode())
    assert report.documents[0].title == "steps.py"
    assert len(report.passages) > 2
    assert report.passages[0].place.startswith("lines 1–")
    assert all(one.text in code for one in report.passages)
