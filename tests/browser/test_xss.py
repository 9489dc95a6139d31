"""Hostile words from the corpus, written through the API and opened with the Content-Security-Policy switched off: only what the
pages escape and the sanitiser removes is between them and the reader."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from rest_framework.settings import api_settings

from forums.models import Post, Thread
from forums.models.thread import POSTS_PER_PAGE, SUBJECT_LIMIT
from profiles.models import Profile
from tests.lib.corpora import needs_data, read
from tests.proof import sizes

pytestmark = [pytest.mark.browser, needs_data]
SITE = "https://docs.example.com"
# Every script of a payload ends in one of these; in frames they tell the page around them.
TRAPS = """for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => { top.__fired = true; };"""
# What would act once somebody presses it, points at it or follows it.
LIVE = """() => [...document.querySelectorAll("body *")].flatMap((one) => [...one.attributes].filter(({ name, value }) =>
  name.startsWith("on") || name === "srcdoc" || /^(href|src|action|formaction|xlink:href|data)$/.test(name) &&
  /^(javascript|vbscript|data:text)/i.test(value.replace(/[\\x00-\\x20]/g, ""))).map(({ name, value }) => `${one.tagName} ${name}=${value.slice(0, 60)}`))"""
ROLES = {"guest": None, "member": "charlie", "moderator": "mo", "admin": "root"}


def _payloads(number):
    """Some of the core of the corpus, evenly, or all of it."""
    found = read("xss.jsonl")
    if number is None:
        return [one["payload"] for one in found]
    core = [one["payload"] for one in found if one["tier"] == "core"]
    return core[:: max(1, len(core) // number)][:number]


def _found(who, path):
    who.go(path)
    found = ["a script ran"] if who.page.evaluate("window.__fired === true") else []
    found += who.page.evaluate(LIVE)
    return [
        f"{path}: {one}"
        for one in [*found, *([f"led to {who.page.url}"] if who.base not in who.page.url else [])]
    ]


@pytest.fixture
def unguarded(visitor, as_):
    """Open a browser without the policy, for somebody in a role."""

    def open_one(name=None):
        who = visitor(bypass_csp=True)
        who.page.add_init_script(TRAPS)
        who.page.on("dialog", lambda dialog: dialog.dismiss())
        if name:
            who.enter(as_(Profile.objects.get(user__email=f"{name}@example.com")))
        return who

    return open_one


@pytest.mark.parametrize("size", sizes(number=(POSTS_PER_PAGE * 2, None)))
def test_nothing_of_the_corpus_acts_on_any_page(
    unguarded, as_, alice, bob, charlie, mo, root, thread, settings, monkeypatch, size
):
    settings.EMBED_ORIGINS = [SITE]
    Profile.objects.update(trust="trusted")  # some of it would wait for a moderator
    for scope in ("member", "write"):
        monkeypatch.setitem(api_settings.DEFAULT_THROTTLE_RATES, scope, "100000/min")
    payloads, writer, found = _payloads(size["number"]), as_(bob), []

    def write(method, path, **fields):
        status = getattr(writer, method)(path, fields, content_type="application/json").status_code
        if status >= 500:
            found.append(f"{method} {path}: {status}")

    for number, payload in enumerate(payloads):
        write("post", f"/api/v1/threads/{thread.pk}/posts/", body=f"{number}\n\n{payload}")
    for payload in payloads[:: max(1, len(payloads) // 20)]:
        fields = {"topic": "exports", "tags": [payload[:40]], "docs_page": f"{SITE}/docs"}
        write("post", "/api/v1/threads/", subject=payload[:SUBJECT_LIMIT], body=payload, **fields)
        write("post", "/api/v1/threads/", subject=payload[:SUBJECT_LIMIT], body=payload, topic="exports")
        write(
            "patch",
            "/api/v1/me/",
            name=payload[:80],
            bio=payload,
            location=payload[:120],
            company=payload[:120],
        )
    assert Post.objects.filter(thread=thread).count() > len(payloads) // 2
    assert Thread.objects.count() > 5
    Thread.objects.filter(subject=payloads[0]).update(docs_page=f"{SITE}/docs")
    last = -(-thread.posts.count() // POSTS_PER_PAGE)
    pages = [
        *(f"{thread.get_absolute_url()}?page={page}" for page in range(1, last + 1)), "/questions/", "/community/",
        bob.get_absolute_url(), f"/questions/?{urlencode({'tag': payloads[0][:40]})}",
        *(f"/embed/questions/?{urlencode({'page': SITE + '/docs', 'section': one[:100]})}" for one in payloads[:3]),
        *(f"/search/?{urlencode({'q': one[:200]})}" for one in payloads[:5]),
        *(f"/questions/ask/?{urlencode({'subject': one[:SUBJECT_LIMIT], 'docs_page': one})}" for one in payloads[:3]),
    ]  # fmt: skip
    own = {
        "moderator": ["/moderation/log/", "/moderation/directory/", "/admin/forums/thread/"],
        "admin": ["/admin/profiles/profile/"],
    }
    for role, name in ROLES.items():
        who = unguarded(name)
        for path in [*pages, *own.get(role, [])]:
            found += [f"{role} {one}" for one in _found(who, path)]
    assert found == []


def test_the_control_payload_fires_where_it_is_not_cleaned(unguarded, thread):
    thread.posts.filter(number=1).update(
        body_html="<p><img src=x onerror=alert(1)> <a href=' java\nscript:alert(1)'>x</a></p>"
    )
    found = _found(unguarded(), thread.get_absolute_url())
    assert [one.split(": ", 1)[1].split("=")[0] for one in found] == ["a script ran", "IMG onerror", "A href"]
