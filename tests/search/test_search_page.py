"""Looking for something: the page, its filters, what it marks, and what it offers where nothing is found."""

import pytest

from forums.actions.posts import post_reply
from forums.actions.threads import ask


def look(browser, **asked):
    return browser.get("/search/", asked)


def page(browser, **asked):
    answer = look(browser, **asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_thread_whose_subject_says_it_comes_first(as_, kettle, lamp):
    text = page(as_(None), q="kettle")
    assert text.index("does not boil") < text.index("driftwood")
    assert "<mark>Kettle</mark> does not boil" in text
    assert "hums like a <mark>kettle</mark>" in text
    assert "2 threads" in text


def test_what_a_reply_says_leads_to_the_reply(as_, kettle):
    text = page(as_(None), q="reservoir")
    assert f"/questions/post/{kettle.solution_id}/" in text
    assert "Bob Example replied:" in text


def test_the_last_word_may_be_unfinished(as_, kettle):
    assert "does not boil" in page(as_(None), q="reser")


def test_a_typing_mistake_is_mended_and_said(as_, kettle):
    text = page(as_(None), q="kettel")
    assert "Showing results for" in text
    assert "<mark>Kettle</mark>" in text


def test_when_no_thread_holds_every_word_some_do(as_, kettle):
    text = page(as_(None), q="boil driftwood elephants")
    assert "Showing results with some of them" in text
    assert "does not <mark>boil</mark>" in text


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"topic": "exports"}, {"boil"}),
        ({"topic": "show-and-tell"}, {"driftwood"}),
        ({"author": "@alice-example"}, {"boil"}),
        ({"state": "solved"}, {"boil"}),
        ({"state": "unsolved"}, set()),
        ({"tag": "wood"}, {"driftwood"}),
        ({"after": "2100-01-01"}, set()),
        ({"before": "2100-01-01"}, {"boil", "driftwood"}),
    ],
)
def test_filters_narrow_it(as_, kettle, lamp, alice, filters, found):
    if "author" in filters:
        filters = {"author": f"@{alice.handle}"}
    text = page(as_(None), q="kettle", **filters)
    assert {word for word in ("boil", "driftwood") if f"{word}" in text} == found


def test_posts_people_and_tags_have_their_own_lists(as_, kettle, bob):
    assert f"/questions/post/{kettle.solution_id}/" in page(as_(None), q="reservoir", type="posts")
    assert bob.get_absolute_url() in page(as_(None), q="Bob Exampel", type="people")
    assert "?tag=heating" in page(as_(None), q="heat", type="tags")
    assert bob.get_absolute_url() in page(as_(None), q="bob")


def test_a_search_for_nothing_explains_itself(as_, db):
    assert "Type a few words" in page(as_(None))


def test_nothing_found_offers_to_ask_with_these_words(as_, kettle):
    assert "/questions/ask/?subject=zeppelin%20hangar" in page(as_(None), q="zeppelin hangar")


def test_the_page_is_never_indexed_and_what_was_typed_is_escaped(as_, kettle):
    answer = look(as_(None), q="<script>alert(1)</script> kettle")
    assert answer["X-Robots-Tag"] == "noindex"
    assert "<script>alert" not in answer.content.decode()


def test_markup_of_others_is_escaped_where_words_are_marked(as_, alice, topic):
    ask(alice, topic=topic, subject='A <b>kettle</b> & "more"', body="`<img src=x onerror=alert(1)>` kettle")
    text = page(as_(None), q="kettle")
    assert "A &lt;b&gt;<mark>kettle</mark>&lt;/b&gt; &amp; &quot;more&quot;" in text
    assert "<img src=x" not in text


def test_japanese_and_code_are_found_and_marked(as_, alice, topic):
    ask(
        alice,
        topic=topic,
        subject="日本語の検索について",
        body="Call `SetWorldPosition(node)` and std::vector.",
    )
    assert "<mark>検索</mark>" in page(as_(None), q="検索")
    assert "<mark>SetWorldPosition</mark>" in page(as_(None), q="setworldposition")
    assert "<mark>vector</mark>" in page(as_(None), q="std::vector")


def test_many_results_come_in_pages(as_, alice, bob, lamp, topic):
    for number in range(24):
        ask(alice, topic=topic, subject=f"Spoon number {number}", body="About spoons.")
    text = page(as_(None), q="spoon")
    assert text.count('class="thread hit"') == 20
    assert "24 threads" in text
    assert page(as_(None), q="spoon", page="2").count('class="thread hit"') == 4
    assert page(as_(None), q="spoon", page="99999").count('class="thread hit"') == 4


@pytest.mark.parametrize(
    "typed",
    ["\x01\x02", "x" * 5000, "word " * 1000, '"' * 50, "'; DROP TABLE", "a OR", "- -", "%", "_", "\\", "(((", ":*", "&|!<->", "the of",
     "-kettle", "🎉", "‮kettle", "ﬁ", "e" * 200, "a:* & b", "\udcff".encode("utf-8", "surrogatepass").decode("latin-1")],
)  # fmt: skip
def test_nothing_that_is_typed_breaks_the_page(as_, kettle, typed):
    for kind in ("threads", "posts", "people", "tags"):
        assert look(as_(None), q=typed, type=kind).status_code == 200
    assert as_(None).get("/search/suggest/", {"q": typed}).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=%ff%fe",
        "q=a&type=x",
        "q=a&topic=nowhere",
        "q=a&author=nobody",
        "q=a&after=yesterday",
        "q=a&state=odd",
    ],
)
def test_what_makes_no_sense_is_refused_in_words(as_, kettle, query):
    assert as_(None).get(f"/search/?{query}").status_code in (200, 400)


def test_a_page_number_beyond_reason_is_the_last_page(as_, kettle):
    assert look(as_(None), q="kettle", page=str(2**70)).status_code == 200


def test_the_field_offers_threads_people_and_tags(as_, kettle, bob):
    found = as_(None).get("/search/suggest/", {"q": "heat"}).json()["results"]
    assert {"kind": "tag", "label": "#heating", "detail": "1", "url": "/questions/?tag=heating"} in found
    assert (
        as_(None).get("/search/suggest/", {"q": "kettl"}).json()["results"][0]["url"]
        == kettle.get_absolute_url()
    )
    assert as_(None).get("/search/suggest/", {"q": "b"}).json()["results"] == []


def test_ten_more_rows_no_more_queries(as_, kettle, alice, bob, topic, django_assert_max_num_queries):
    browser = as_(None)
    page(browser, q="kettle")
    for number in range(10):
        post_reply(
            bob,
            ask(alice, topic=topic, subject=f"Kettle {number}", body="Steam."),
            body="More about the kettle.",
        )
    with django_assert_max_num_queries(9):
        page(browser, q="kettle")
    with django_assert_max_num_queries(5):
        browser.get("/search/suggest/", {"q": "kettle"})
