"""What is typed and what is written fall into the same words."""

import pytest
from django.db import connection

from forums.words import folded, last_word, searchable, web_query


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("call std::vector<int> here", "std::vector"),
        ("the field foo_bar.baz is empty", "foo_bar.baz"),
        ("use SetWorldPosition(x)", "setworldposition"),
        ("use SetWorldPosition(x)", "world position"),
        ("HTTPServer fails", "http server"),
        ("written in C++ and C#", "C++"),
        ("written in C++ and C#", "c#"),
        ("日本語の検索", "検索"),
        ("한국어 검색", "국어"),
        ("Crème brûlée", "creme brulee"),
        ("ｆｕｌｌ width", "full"),
        ("an error 0x80070005 came", "0x80070005"),
        ("“quoted words” stand", '"quoted words"'),
        ("salt or pepper", "pepper OR ginger"),
        ("salt only", "salt -pepper"),
    ],
)
def test_it_is_found(db, written, typed):
    assert _matches(written, typed)


@pytest.mark.parametrize(
    ("written", "typed"),
    [("日本語", "語日"), ("salt and pepper", "salt -pepper"), ("words quoted", '"quoted words"')],
)
def test_it_is_not_found(db, written, typed):
    assert not _matches(written, typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        '"',
        "-",
        "--",
        "OR",
        "a OR",
        "(((",
        "'; DROP",
        "\x00",
        "\ud800",
        "é" * 5000,
        '"-" OR -"x',
        "!&|:*<->",
    ],
)
def test_nothing_that_is_typed_breaks_the_query(db, typed):
    _matches("text", typed)
    last_word(typed)
    folded(typed)


def test_the_last_word_is_the_one_still_being_typed():
    assert last_word("export conf") == "conf"
    assert last_word("export ") == ""
    assert last_word('"export conf') == ""
    assert last_word("export -conf") == ""


def _matches(written, typed):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_tsvector('hearth', %s) @@ websearch_to_tsquery('hearth', %s)",
            [searchable(written), web_query(typed)],
        )
        return cursor.fetchone()[0]
