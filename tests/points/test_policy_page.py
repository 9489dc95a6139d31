"""“How points work” says what the code does."""

from __future__ import annotations

import pytest

from community.pages.seed import ensure_site_pages
from points import policy
from points.models import Kind
from points.policy import EARNINGS, Earning
from points.queries.policy import WHAT

PAGE = "/pages/points/"


@pytest.fixture(autouse=True)
def _pages(db):
    ensure_site_pages()


def test_the_page_shows_the_numbers_of_the_table(as_, monkeypatch):
    page = as_(None).get(PAGE).content.decode()
    assert "5 a day" in page and "500 points a day per moderator" in page and "An upvote" in page
    monkeypatch.setitem(policy.EARNINGS, Kind.REPLY, Earning(3, per_day=7))
    page = as_(None).get(f"{PAGE}?again=1").content.decode()
    assert "7 a day" in page and ">3</td>" in page


def test_everything_that_earns_has_a_row():
    assert EARNINGS.keys() <= WHAT.keys()


def test_the_text_above_is_edited_and_the_table_is_not(as_):
    page = as_(None).get(PAGE).content.decode()
    assert page.index('<div class="prose">') < page.index("Points in numbers")
    assert "Points in numbers" not in as_(None).get("/pages/code-of-conduct/").content.decode()
