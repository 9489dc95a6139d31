"""What search engines and feed readers get: facts that match the page, one address, a map, feeds, pictures."""

import io
import json
import re
import xml.etree.ElementTree as ET

import feedparser
import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from community.pages.models import Page
from forums.actions.posts import post_reply
from forums.actions.solutions import clear_solution
from forums.actions.threads import ask, delete_thread, edit_thread
from forums.models import Post, Thread
from moderation.actions.posts import hide_post
from moderation.actions.threads import archive_thread, hide_thread, unarchive_thread
from profiles.models import Profile

HOSTILE = [
    "</script><script>alert(1)</script>", "a \x0b\x1f\x7f b ￾ c", "]]> <!-- &amp; & \" '", "‮right to left‬", "\u2028line\u2029s",
    "𝕬 🎉 " * 12, "x" * 200, "<title>",
]  # fmt: skip
SITE = "http://localhost"


def facts(browser, path):
    """Return the JSON-LD of a page, by type, after checking that the page has one canonical address."""
    answer = browser.get(path)
    assert answer.status_code == 200
    tree = LexborHTMLParser(answer.content.decode())
    assert len(tree.css("link[rel=canonical]")) == 1
    assert len(tree.css("h1")) == 1
    found = []
    for node in tree.css('script[type="application/ld+json"]'):
        data = json.loads(node.text())
        found += data if isinstance(data, list) else [data]
    return {one["@type"]: one for one in found}, tree


def words(tree):
    return " ".join(tree.css_first("main").text(separator=" ").split())


def squeezed(text):
    return "".join(text.split())


def test_a_question_is_a_qa_page_that_matches_what_is_read(as_, kettle, bob):
    post_reply(bob, kettle, body="Or *hit* it, **gently**.")
    data, tree = facts(as_(None), kettle.get_absolute_url())
    question = data["QAPage"]["mainEntity"]
    assert question["@type"] == "Question"
    assert question["name"] == kettle.subject
    assert question["answerCount"] == 2
    assert question["acceptedAnswer"]["text"] == "Refill the reservoir with Entkalker first."
    assert [one["text"] for one in question["suggestedAnswer"]] == ["Or hit it, gently."]
    shown = squeezed(words(tree))
    for text in (
        question["text"],
        question["acceptedAnswer"]["text"],
        question["suggestedAnswer"][0]["text"],
    ):
        assert squeezed(text) in shown
    assert question["acceptedAnswer"]["author"]["name"] == "Bob Example"
    assert question["acceptedAnswer"]["url"].endswith(f"#post-{kettle.solution_id}")


def test_an_unsolved_question_has_no_accepted_answer(as_, kettle, alice):
    clear_solution(alice, kettle)
    data, _tree = facts(as_(None), kettle.get_absolute_url())
    assert "acceptedAnswer" not in data["QAPage"]["mainEntity"]
    assert len(data["QAPage"]["mainEntity"]["suggestedAnswer"]) == 1


def test_a_discussion_is_a_forum_posting(as_, lamp, alice):
    post_reply(alice, lamp, body="Lovely.")
    data, _tree = facts(as_(None), lamp.get_absolute_url())
    assert "QAPage" not in data
    posting = data["DiscussionForumPosting"]
    assert posting["headline"] == lamp.subject
    assert posting["comment"][0]["text"] == "Lovely."


def test_the_way_to_a_thread_is_told(as_, kettle):
    data, _tree = facts(as_(None), kettle.get_absolute_url())
    steps = data["BreadcrumbList"]["itemListElement"]
    assert [one["position"] for one in steps] == [1, 2, 3]
    assert [one["name"] for one in steps] == ["Threads", "Exports", kettle.subject]


def test_a_profile_is_a_profile_page_once_it_says_something(as_, kettle, alice, charlie):
    data, _tree = facts(as_(None), alice.get_absolute_url())
    assert data["ProfilePage"]["mainEntity"]["name"] == alice.name
    empty = as_(None).get(charlie.get_absolute_url())
    assert b"ld+json" not in empty.content
    assert empty["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("words_", HOSTILE)
def test_hostile_words_stay_words_everywhere(as_, alice, bob, topic, words_):
    thread = ask(alice, topic=topic, subject=f"a {words_}"[:200], body="Plain.", tags=["odd"])
    post_reply(bob, thread, body="Answer.")
    # What an import of long ago may have left in the database.
    Thread.objects.filter(pk=thread.pk).update(subject=f"a {words_}"[:200])
    Post.objects.filter(thread=thread).update(
        body_html=f"<p>{words_.replace('&', '&amp;').replace('<', '&lt;')}</p>"
    )
    data, _tree = facts(as_(None), thread.get_absolute_url())
    assert data["QAPage"]["mainEntity"]["answerCount"] == 1
    for path in ("/feeds/threads.atom", f"/feeds/threads/{thread.pk}.atom", "/feeds/tags/odd.atom"):
        assert _feed(as_(None), path).entries
    assert Image.open(io.BytesIO(as_(None).get(f"/cards/threads/{thread.pk}.png").content)).size == (
        1200,
        630,
    )
    assert as_(None).get("/search/", {"q": "plain answer"}).status_code == 200


def test_archived_hidden_and_deleted_threads_leave_every_engine(as_, kettle, alice, mo):
    places = (
        "/sitemap-threads-0.xml",
        "/feeds/threads.atom",
        "/feeds/topics/exports.atom",
        "/feeds/tags/heating.atom",
    )
    other = ask(alice, topic=kettle.topic, subject="Another question", body="Text.", tags=["heating"])

    def seen():
        return [path for path in places if kettle.slug in as_(None).get(path).content.decode()]

    assert seen() == list(places)
    archive_thread(mo, kettle)
    assert seen() == []
    page = as_(None).get(kettle.get_absolute_url())
    assert page["X-Robots-Tag"] == "noindex"
    assert b"ld+json" not in page.content
    assert b"og:image" not in page.content
    assert as_(None).get(f"/feeds/threads/{kettle.pk}.atom").status_code == 404
    assert as_(None).get(f"/cards/threads/{kettle.pk}.png").status_code == 404
    unarchive_thread(mo, kettle)
    assert seen() == list(places)
    hide_thread(mo, kettle)
    assert seen() == []
    assert as_(None).get(kettle.get_absolute_url()).status_code == 404
    delete_thread(mo, other)
    assert as_(None).get(other.get_absolute_url()).status_code == 410


def test_a_hidden_reply_is_in_no_feed_and_no_fact(as_, kettle, bob, mo):
    reply = post_reply(bob, kettle, body="Something unkind.")
    hide_post(mo, reply)
    assert b"unkind" not in as_(None).get(f"/feeds/threads/{kettle.pk}.atom").content
    assert b"unkind" not in as_(None).get(kettle.get_absolute_url()).content


def test_what_was_deleted_after_a_new_subject_is_gone_under_both_addresses(as_, alice, topic):
    thread = ask(alice, topic=topic, subject="First words", body="Text.")
    old = thread.slug
    thread = edit_thread(alice, thread, subject="Second words")
    assert as_(None).get(f"/questions/{old}/").status_code == 301
    delete_thread(alice, thread)
    assert [as_(None).get(f"/questions/{slug}/").status_code for slug in (old, thread.slug, "never-was")] == [
        410,
        410,
        404,
    ]


def test_what_was_confidential_is_not_said_to_be_gone(as_, alice, topic):
    thread = ask(alice, topic=topic, subject="Secret words", body="Text.", private=True)
    delete_thread(alice, thread)
    assert as_(None).get(thread.get_absolute_url()).status_code == 404


def test_the_map_names_its_parts_and_each_says_when_it_changed(as_, kettle, lamp):
    index = ET.fromstring(as_(None).get("/sitemap.xml").content)
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    parts = [node.text for node in index.findall("s:sitemap/s:loc", space)]
    assert len(parts) == 4
    addresses, dated = [], 0
    for part in parts:
        tree = ET.fromstring(as_(None).get("/" + part.split("/", 3)[3]).content)
        addresses += [node.text for node in tree.findall("s:url/s:loc", space)]
        dated += len(tree.findall("s:url/s:lastmod", space))
    assert dated >= 4
    assert sum(kettle.slug in one for one in addresses) == 1
    for address in addresses:
        assert as_(None).get("/" + address.split("/", 3)[3]).status_code == 200, address
    assert as_(None).get("/sitemap-threads-77.xml").status_code == 404
    assert as_(None).get("/sitemap-nothing-0.xml").status_code == 404
    assert as_(None).get("/sitemap-threads-99999999999999999999.xml").status_code == 404
    assert "Sitemap: " in as_(None).get("/robots.txt").content.decode()


def _feed(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 200
    feed = feedparser.parse(answer.content)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    assert feed.feed.id and feed.feed.updated and feed.feed.title
    assert any(link.rel == "self" for link in feed.feed.links)
    for entry in feed.entries:
        assert entry.id and entry.link and entry.updated and entry.author and entry.content
    return feed


def test_feeds_are_read_by_a_feed_reader(as_, kettle, lamp, topic):
    assert len(_feed(as_(None), "/feeds/threads.atom").entries) == 2
    assert [one.title for one in _feed(as_(None), f"/feeds/topics/{topic.slug}.atom").entries] == [
        kettle.subject
    ]
    assert len(_feed(as_(None), f"/feeds/threads/{kettle.pk}.atom").entries) == 2
    assert len(_feed(as_(None), "/feeds/tags/wood.atom").entries) == 1
    assert as_(None).get("/feeds/tags/nothing.atom").status_code == 404


def test_an_entry_keeps_its_id_when_its_subject_changes(as_, kettle, alice):
    before = _feed(as_(None), "/feeds/threads.atom").entries[0].id
    edit_thread(alice, kettle, subject="Quite other words")
    assert _feed(as_(None), "/feeds/threads.atom").entries[0].id == before


@pytest.mark.parametrize("path", ["/feeds/threads.atom", "/sitemap.xml", "/sitemap-threads-0.xml"])
def test_what_has_not_changed_is_not_sent_again(as_, kettle, bob, path):
    first = as_(None).get(path)
    assert as_(None).get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
    ask(bob, topic=kettle.topic, subject="A new question", body="Text.")
    assert as_(None).get(path, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_card_is_drawn_once_and_changes_with_what_it_says(as_, kettle, alice):
    path = f"/cards/threads/{kettle.pk}.png"
    first = as_(None).get(path)
    assert first["Content-Type"] == "image/png"
    assert len(first.content) < 60_000
    assert as_(None).get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
    clear_solution(alice, kettle)
    assert as_(None).get(path)["ETag"] != first["ETag"]


def test_filtered_and_empty_lists_are_not_kept(as_, kettle, board):
    assert "X-Robots-Tag" not in as_(None).get("/questions/")
    for path in (
        "/questions/?state=solved",
        "/questions/?tag=heating",
        f"/questions/topic/{board.slug}/",
        "/questions/?last",
    ):
        assert as_(None).get(path)["X-Robots-Tag"].startswith("noindex"), path


def test_small_files_say_what_they_should(as_, db):
    described = ET.fromstring(as_(None).get("/opensearch.xml").content)
    assert described.tag == "{http://a9.com/-/spec/opensearch/1.1/}OpenSearchDescription"
    security = as_(None).get("/.well-known/security.txt").content.decode()
    assert re.search(r"^Contact: (mailto|https):", security, re.MULTILINE)
    assert re.search(r"^Expires: \d{4}-\d\d-\d\dT", security, re.MULTILINE)


def test_old_forms_of_an_address_lead_to_the_one(as_, kettle):
    for path in (
        f"/questions/{kettle.pk}/",
        f"/questions/{kettle.pk}/other-words/",
        f"/questions/{kettle.slug}",
    ):
        answer = as_(None).get(path)
        assert (answer.status_code, answer["Location"]) == (301, kettle.get_absolute_url())


def test_the_number_of_threads_costs_no_queries(
    as_, kettle, alice, bob, topic, django_assert_max_num_queries
):
    for number in range(10):
        post_reply(
            bob,
            ask(alice, topic=topic, subject=f"Spoon {number}", body="Text.", tags=["heating"]),
            body="Yes.",
        )
    for path, most in (
        ("/feeds/threads.atom", 2),
        ("/sitemap-threads-0.xml", 1),
        ("/sitemap.xml", 2),
        ("/feeds/tags/heating.atom", 4),
    ):
        with django_assert_max_num_queries(most):
            as_(None).get(path)


def test_every_page_describes_itself_in_one_plain_sentence(client, thread, board, alice):
    Profile.objects.filter(pk=alice.pk).update(bio_html="<p>I make <em>kettles</em> &amp; lids.</p>")
    Page.objects.get_or_create(
        slug="points", defaults={"title": "Points", "body": "x", "body_html": "<p>How points work.</p>"}
    )
    paths = [
        "/", "/questions/", "/questions/topic/exports/", "/questions/topic/show-and-tell/", "/questions/?tag=csv", "/questions/ask/",
        thread.get_absolute_url(), "/community/people/", "/teams/", "/community/achievements/", "/pages/points/",
        alice.get_absolute_url(),
    ]  # fmt: skip
    found = {path: [one.attributes["content"] for one in LexborHTMLParser(client.get(path).content).css("meta[name=description]")]
             for path in paths}  # fmt: skip
    assert [
        path for path, words in found.items() if len(words) != 1 or not 10 < len(words[0] or "") <= 200
    ] == []
    assert len({words[0] for words in found.values()}) == len(paths)
    assert found[alice.get_absolute_url()] == ["I make kettles & lids."]
