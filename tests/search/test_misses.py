"""Searches that find nothing are counted for those who write the docs; nobody's name is."""

import pytest
from django.utils import timezone

from forums.actions.searches import MISS_LIFE, count_miss, forget_misses
from forums.models import SearchMiss


def look(browser, **asked):
    return browser.get("/search/", asked)


def test_what_was_looked_for_in_vain_is_counted_once_for_each_time(as_, kettle, mo):
    for typed in ("Zeppelin hangar", "zeppelin  HANGAR", "kettle"):
        look(as_(None), q=typed)
    assert list(SearchMiss.objects.values_list("words", "count")) == [("zeppelin hangar", 2)]
    assert "zeppelin hangar" in as_(mo).get("/moderation/search/").content.decode()


@pytest.mark.parametrize("typed", ["zz", "someone@example.com", "0170 1234567", "\x01\x02", "??"])
def test_what_may_be_about_a_person_is_not_kept(db, typed):
    assert not count_miss(typed, by="x")


def test_the_api_counts_as_the_page_does(as_, kettle):
    for asked in (
        {"q": "Zeppelin hangar"},
        {"q": "zeppelin hangar", "type": "post"},
        {"q": "kettle"},
        {"q": "zeppelin", "state": "solved"},
    ):
        as_(None).get("/api/v1/search/", asked)
    assert list(SearchMiss.objects.values_list("words", "count")) == [("zeppelin hangar", 2)]


def test_filters_and_further_pages_do_not_count(as_, kettle):
    look(as_(None), q="zeppelin", state="solved")
    look(as_(None), q="zeppelin", type="people")
    as_(None).get("/search/suggest/", {"q": "zeppelin"})
    assert not SearchMiss.objects.exists()


def test_one_reader_cannot_flood_the_report(as_, kettle):
    for number in range(40):
        look(as_(None), q=f"zeppelin {'x' * number}")
    assert SearchMiss.objects.count() <= 30


def test_what_nobody_repeats_is_forgotten(db):
    count_miss("zeppelin hangar", by="x")
    count_miss("airship", by="x")
    SearchMiss.objects.filter(words="airship").update(last_at=timezone.now() - MISS_LIFE)
    assert forget_misses() == 1
    assert forget_misses() == 0


def test_the_report_costs_the_same_however_long(as_, mo, db, django_assert_max_num_queries):
    browser = as_(mo)
    browser.get("/moderation/search/")
    for number in range(20):
        count_miss(f"zeppelin number {'x' * number}", by=str(number))
    with django_assert_max_num_queries(11):
        browser.get("/moderation/search/")
