"""CSV tables: types and guesses, choices, and errors that name row and column."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets import choose, read_csv
from core.errors import InvalidInputError

IRIS = "length,width,species\n5.1,3.5,setosa\n7.0,3.2,versicolor\n6.3,3.3,virginica\n5.0,3.0,setosa\n"


def test_columns_types_and_guesses() -> None:
    table = read_csv("\ufeff" + IRIS)
    assert [column.name for column in table.columns] == ["length", "width", "species"]
    assert [column.numeric for column in table.columns] == [True, True, False]
    assert (table.rows, table.delimiter, table.decimal) == (4, ",", ".")
    assert table.guessed_target == "species"
    data = choose(table)
    assert data.columns == ("length", "width")
    assert data.classes == ("setosa", "versicolor", "virginica")
    assert data.target_columns == ("species 1", "species 2", "species 3")
    assert data.inputs.tolist() == [[5.1, 3.5], [7.0, 3.2], [6.3, 3.3], [5.0, 3.0]]
    assert data.targets.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]


def test_two_classes_are_one_column_of_the_pair() -> None:
    data = choose(read_csv("a,b\n1,no\n2,yes\n3,no"), pair=(-1.0, 1.0))
    assert data.targets.tolist() == [[-1], [1], [-1]]
    assert (data.target_columns, data.classes) == (("b",), ("no", "yes"))


@pytest.mark.parametrize(
    ("column", "kind", "classes"),
    [
        (["0", "1", "1.0", "0"], "classes", ("0", "1")),
        (["10", "9", "2", "9"], "classes", ("2", "9", "10")),
        (["0.5", "1", "2", "3"], "regression", ()),
        ([str(n) for n in range(11)], "regression", ()),
        (["b", "a", "b", "a"], "classes", ("a", "b")),
    ],
)
def test_few_whole_numbers_and_texts_are_classes(
    column: list[str], kind: str, classes: tuple[str, ...]
) -> None:
    text = "x,y\n" + "".join(f"{place}.5,{cell}\n" for place, cell in enumerate(column))
    table = read_csv(text)
    assert table.columns[1].kind == kind
    assert choose(table).classes == classes
    if kind == "regression":
        assert choose(table).targets.ravel().tolist() == [float(cell) for cell in column]
        forced = read_csv("x,y\n1,0.5\n2,0.25\n3,0.5")
        assert choose(forced, kind="classes").classes == ("0.25", "0.5")
    elif table.columns[1].numeric:
        assert choose(table, kind="regression").targets.ravel().tolist() == [float(cell) for cell in column]


@pytest.mark.parametrize(
    ("text", "delimiter", "decimal"),
    [
        ("a;b\n1,5;2,25\n-3;4e-1\n", ";", ","),
        ("a\tb\n1.5\t2.25\n-3\t0.4\n", "\t", "."),
        ("a\tb\n1,5\t2,25\n-3\t,4\n", "\t", ","),
        ("a;b\r\n1.5;2.25\r\n-3;.4\r\n\r\n", ";", "."),
        ('"a","b"\n"1.5",2.25\n-3,0.4', ",", "."),
        ("a,b\n 1.5 ,2.25\n\n-3,+.4\n", ",", "."),
    ],
)
def test_delimiters_and_decimal_marks(text: str, delimiter: str, decimal: str) -> None:
    table = read_csv(text)
    assert (table.delimiter, table.decimal) == (delimiter, decimal)
    assert choose(table, kind="regression").inputs.tolist() == [[1.5], [-3.0]]
    assert choose(table, kind="regression").targets.tolist() == [[2.25], [0.4]]


def test_a_delimiter_can_be_said() -> None:
    text = "a;b;c\n1;2;3\n"
    assert len(read_csv(text).columns) == 3
    with pytest.raises(InvalidInputError) as caught:
        read_csv(text, "comma")
    assert caught.value.code == "csv-one-column"
    with pytest.raises(InvalidInputError) as caught:
        read_csv(text, "|", "/csv")
    assert caught.value.pointer == "/csv/delimiter"


def test_columns_can_be_chosen() -> None:
    table = read_csv("a,b,c\n1,2,3\n4,5,6.5\n")
    data = choose(table, ["c", "a"], "b", "regression")
    assert data.inputs.tolist() == [[3, 1], [6.5, 4]]
    assert data.targets.tolist() == [[2], [5]]


BIG = "a,b\n" + "1,2\n" * 5001


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("", "csv-empty", {}),
        (" \n \n", "csv-empty", {}),
        ('""', "csv-empty", {}),
        ("a,b\n", "csv-no-rows", {}),
        ("a\n1\n", "csv-one-column", {}),
        ("1,2\n3,4\n", "csv-header", {}),
        ("a,1b\n3,4\n", "csv-column-name", {"row": 1, "place": 2}),
        ("a,\n3,4\n", "csv-column-name", {"row": 1, "place": 2}),
        ("a," + "b" * 33 + "\n3,4\n", "csv-column-name", {"row": 1, "place": 2}),
        ("a,b,a\n3,4,5\n", "csv-column-twice", {"row": 1, "place": 3}),
        (",".join("abcdefghijklmnopq") + "\n", "csv-too-many-columns", {"limit": 16}),
        (BIG, "csv-too-many-rows", {"limit": 5000}),
        ("a,b\n1,2\n\n3,4,5\n", "csv-row-length", {"row": 4, "count": 3, "limit": 2}),
        ("a,b\n1,2\n3\n", "csv-row-length", {"row": 3, "count": 1, "limit": 2}),
        ("a,b\n1,2\n3,2e6\n", "csv-cell-range", {"row": 3, "column": "b"}),
        ("a,b\n1,2\n1e999,2\n", "csv-cell-range", {"row": 3, "column": "a"}),
        ('a,b\n1,"2\n', "csv-quotes", {"row": 2}),
    ],
)
def test_tables_that_cannot_be_read(text: str, code: str, where: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError) as caught:
        read_csv(text, pointer="/csv")
    assert (caught.value.code, caught.value.pointer) == (code, "/csv")
    assert {name: caught.value.params[name] for name in where} == where


@pytest.mark.parametrize(
    ("text", "columns", "target", "kind", "code", "where"),
    [
        ("a,b\n1,2\nx,3\n", ["a"], "b", "auto", "csv-cell", {"row": 3, "column": "a"}),
        ("a,b\n1,2\n,3\n", ["a"], "b", "auto", "csv-cell-empty", {"row": 3, "column": "a"}),
        ("a,b\n1,2\nnan,3\n", ["a"], "b", "auto", "csv-cell", {"row": 3, "column": "a"}),
        ("a,b\n1,2\n1_0,3\n", ["a"], "b", "auto", "csv-cell", {"row": 3, "column": "a"}),
        ("a,b\n1,2\n2,y\n", ["a"], "b", "regression", "csv-cell", {"row": 3, "column": "b"}),
        ("a,b\n1,y\n2,\n3,n\n", ["a"], "b", "auto", "csv-cell-empty", {"row": 3, "column": "b"}),
        ("a,b\n1,y\n2,y\n", ["a"], "b", "auto", "csv-one-class", {"column": "b"}),
        ("a,b\n1,y\n2," + "z" * 33 + "\n", ["a"], "b", "auto", "csv-class-name", {"row": 3, "column": "b"}),
        ("a,b\n1,2\n2,3\n", ["a", "b"], "b", "auto", "csv-target-input", {}),
        ("a,b\n1,2\n2,3\n", [], "b", "auto", "csv-no-inputs", {}),
        ("a,b\n1,2\n2,3\n", ["a", "a"], "b", "auto", "column-twice", {}),
        ("a,b\n1,2\n2,3\n", ["c"], "b", "auto", "unknown-name", {"choices": ["a", "b"]}),
        ("a,b\n1,2\n2,3\n", ["a"], "c", "auto", "unknown-name", {"choices": ["a", "b"]}),
        ("a,b\n" + "".join(f"1,k{n}\n" for n in range(17)), ["a"], "b", "auto", "csv-classes", {"limit": 16}),
    ],
)
def test_choices_that_do_not_fit(
    text: str, columns: list[str], target: str, kind: str, code: str, where: dict[str, object]
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        choose(read_csv(text), columns, target, kind)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert {name: caught.value.params[name] for name in where} == where


def test_the_first_cell_that_is_no_number_is_told() -> None:
    table = read_csv("a,b,c\n1,2,u\n?,3,v\n2,4,w\n")
    assert [column.first_text_row for column in table.columns] == [3, None, None]


@given(st.text(alphabet='a1.,;\t\n"- \ufeff가', max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_table_or_an_error_with_a_code(text: str) -> None:
    try:
        table = read_csv(text)
        data = choose(table)
    except InvalidInputError as error:
        refusal = error.code
    else:
        refusal = ""
        assert len(data.inputs) == len(data.targets) == table.rows
        assert np.isfinite(data.inputs).all()
    assert refusal == "" or refusal.startswith(("csv-", "column-"))
