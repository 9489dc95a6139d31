"""Hostile bodies through the form: no 5xx, no live markup, whatever they hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from forums.models import Post, Thread
from profiles.models import Profile

CORPORA = Path(__file__).resolve().parents[3] / "shared" / "data" / "corpora"
LIVE_TAGS = "script, style, iframe, object, embed, form, svg, math, link, meta, base, template, video, audio, input:not([type=checkbox])"


def _lines(name):
    path = CORPORA / name
    if not path.exists():
        pytest.skip(f"the corpora are not beside this checkout ({path.name})")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _live(html):
    """Return what of `html` could act: tags, handlers, addresses."""
    tree = LexborHTMLParser(f"<main>{html}</main>").css_first("main")
    found = [node.tag for node in tree.css(LIVE_TAGS)]
    for node in tree.traverse():
        for name, value in (node.attributes or {}).items():
            plain = "".join(char for char in (value or "") if char > " ").lower()
            if name.startswith("on") or name in ("style", "srcdoc", "formaction"):
                found.append(f"{node.tag} {name}")
            if name in ("href", "src") and not plain.startswith(("http://", "https://", "mailto:", "/", "#")):
                found.append(f"{node.tag} {name}={plain[:40]}")
    return found


def test_no_hostile_body_is_live_on_the_page(bob, thread, as_):
    browser, wrong = as_(bob), []
    for number, one in enumerate(_lines("xss.jsonl")):
        answer = browser.post(f"/questions/{thread.slug}/reply/", {"body": f"{number}\n\n{one['payload']}"})
        if answer.status_code not in (302, 400):
            wrong.append((one["id"], answer.status_code))
    wrong += [(post.pk, _live(post.body_html)) for post in thread.posts.all() if _live(post.body_html)]
    assert thread.posts.count() > 800
    assert wrong == []


def test_naughty_strings_in_every_field_get_a_clear_answer(bob, topic, as_):
    path = CORPORA / "blns.json"
    if not path.exists():
        pytest.skip("the corpora are not beside this checkout (blns.json)")
    Profile.objects.filter(pk=bob.pk).update(trust="trusted")  # some of them would wait for a moderator
    browser, wrong = as_(bob), []
    for number, text in enumerate(json.loads(path.read_text(encoding="utf-8"))):
        answer = browser.post(
            "/questions/ask/", {"subject": text, "topic": "exports", "tags": text[:200], "body": text or "x"}
        )
        if answer.status_code not in (302, 400):
            wrong.append((number, "ask", answer.status_code))
        for name, fields in (
            ("/questions/suggest/", {"kind": "mention", "q": text}),
            ("/questions/", {"tag": text, "after": text}),
        ):
            if (status := browser.get(name, fields).status_code) >= 500:
                wrong.append((number, name, status))
    assert wrong == []
    for thread in Thread.objects.all()[:400]:
        page = as_(None).get(f"/questions/{thread.slug}/")
        assert page.status_code == 200
        assert not _live(Post.objects.get(thread=thread, number=1).body_html)


def test_a_pathological_body_is_posted_or_refused_with_a_sentence(bob, thread, as_):
    browser, wrong = as_(bob), []
    for one in _lines("markdown_pathological.jsonl"):
        unit, prefix, suffix = one.get("unit", ""), one.get("prefix", ""), one.get("suffix", "")
        body = (prefix + unit * (29_000 // max(1, len(unit))) + suffix)[:29_900]
        answer = browser.post(f"/questions/{thread.slug}/reply/", {"body": body})
        if answer.status_code == 400:
            assert b"field__error" in answer.content or b"notice--danger" in answer.content, one["id"]
        elif answer.status_code != 302:
            wrong.append((one["id"], answer.status_code))
    assert wrong == []


@pytest.mark.parametrize(
    "path",
    [
        "/questions/?after=%00",
        "/questions/?after=" + "9" * 400,
        "/questions/?before=e30",
        "/questions/99999999999999999999999/",
        "/questions/topic/%00/",
        "/community/profiles/99999999999999999999/",
        "/questions/?page=99999999999999999999",
        "/questions/post/9223372036854775808/",
    ],
)
def test_addresses_nobody_made_get_a_4xx(path, thread, as_):
    assert 200 <= as_(None).get(path).status_code < 500


def test_a_broken_session_cookie_is_a_guest(thread, client):
    for cookie in ("\x00", "é", "x" * 5000, '"; DROP'):
        client.cookies["sessionid"] = cookie
        assert client.get(f"/questions/{thread.slug}/").status_code in (200, 400)
