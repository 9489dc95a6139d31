"""A canary: nobody but its owner ever reads an e-mail address, or a hash of one, on any page, feed, API answer or mail."""

from __future__ import annotations

import base64
import hashlib
import itertools
from email import message_from_string
from email.policy import default

import pytest
from django.core import mail
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from community.lib.sealed import fingerprint
from forums.actions.drafts import save_draft
from forums.actions.posts import edit_post, post_reply
from forums.actions.solutions import mark_solution
from forums.actions.threads import ask
from forums.actions.votes import vote
from points.actions.gifts import Wish, give_points
from profiles.actions.profiles import update_profile
from profiles.actions.teams import join_team
from profiles.mail.deliveries import send_due
from profiles.models import Team

ADDRESS = "quetzal.canary@feathermail.example"
HASHES = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b", "blake2s", "sha3_256")
# Doors that only speak to whoever holds the secret in the address, and what signs the visitor out.
SKIPPED = {"account_logout", "admin", "outbox-list", "outbox-detail", "outbox-part"}


def _tells() -> dict[str, str]:
    """Return everything that would tell the address, by what it is."""
    tells = {
        "the address": "feathermail",
        "its local part": "quetzal.canary",
        "our own digest": fingerprint(ADDRESS),
    }
    for spelling in (ADDRESS, ADDRESS.upper(), ADDRESS.title()):
        data = spelling.encode()
        tells[f"base64 of {spelling}"] = base64.b64encode(data).decode().rstrip("=").lower()
        for name in HASHES:
            digest = hashlib.new(name, data)
            tells[f"{name} of {spelling}"] = digest.hexdigest()
            tells[f"{name} of {spelling}, base64"] = (
                base64.b64encode(digest.digest()).decode().rstrip("=").lower()
            )
    return tells


def found_in(text: str) -> list[str]:
    text = text.lower()
    return [what for what, tell in _tells().items() if tell.lower() in text]


@pytest.fixture
def canary(person, bob, cleo, root, topic, board, django_capture_on_commit_callbacks):
    """Somebody who does a bit of everything that others see."""
    with django_capture_on_commit_callbacks(execute=True):
        canary = person("quetzal", first_name="Quinn", last_name="Vane")
        canary.user.emailaddress_set.update(email=ADDRESS)
        canary.user.email = ADDRESS
        canary.user.save()
        update_profile(
            canary,
            canary,
            bio="I sing.",
            links={"website": "https://vane.example/"},
            location="Oaxaca",
            country="MX",
        )
        canary.thread = ask(
            canary, topic=topic, subject="Who sings here?", body="I do, @bob-example.", tags=["csv"]
        )
        canary.reply = post_reply(bob, canary.thread, body="So do I, @quinn-vane.")
        mark_solution(canary, canary.reply)
        vote(canary, canary.reply)
        other = ask(bob, topic=board, subject="A walk?", body="Tomorrow.")
        canary.answer = post_reply(canary, other, body="Gladly, @cleo-example.")
        edit_post(canary, canary.answer, body="Gladly, @cleo-example, at nine.")
        save_draft(canary, "ask", subject="Draft", body="Text")
        give_points(root, canary, wish=Wish(points=10, category=None, reason="For singing."), key="k")
        team = Team.objects.create(name="Aviary", slug="aviary")
        join_team(root, team, canary, title="Voice", is_lead=True)
        send_due(bulk=False, seconds=20)
    canary.refresh_from_db()
    return canary


def _patterns(resolver, prefix=""):
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            if one.namespace != "admin":
                yield from _patterns(one, f"{prefix}{one.namespace}:" if one.namespace else prefix)
        elif isinstance(one, URLPattern) and one.name and one.name not in SKIPPED:
            yield f"{prefix}{one.name}", list(one.pattern.converters)


def addresses(canary):
    """Yield the path of every named address, with each value that could stand in it."""
    ids = sorted({canary.pk, canary.thread.pk, canary.reply.pk, canary.answer.pk, 1})
    words = [
        canary.thread.slug,
        canary.answer.thread.slug,
        canary.thread.topic.slug,
        "aviary",
        "code-of-conduct",
        canary.handle,
    ]
    values = {
        "slug": words,
        "token": ["x"],
        "kind": ["post", "thread", "profile"],
        "key": ["ask"],
        "provider": ["postmark"],
    }
    for name, wanted in _patterns(get_resolver()):
        for chosen in itertools.product(*(values.get(one, ids) for one in wanted)):
            try:
                yield name, reverse(name, kwargs=dict(zip(wanted, chosen, strict=True)))
            except NoReverseMatch:
                continue


def test_no_page_feed_or_answer_tells_it_to_anybody_else(canary, bob, cleo, as_):
    extra = [
        f"{canary.get_absolute_url()}?tab={tab}" for tab in ("discussions", "achievements", "points")
    ] + [
        "/search/?q=quetzal",
        "/questions/suggest/?kind=mention&q=quetzal",
        "/api/v1/profiles/?q=quetzal",
    ]
    paths = {path for _name, path in addresses(canary)} | set(extra)
    assert len(paths) > 100
    leaks, broken, read = [], [], 0
    for role, browser in (("guest", as_(None)), ("member", as_(bob)), ("champion", as_(cleo))):
        for path in sorted(paths):
            answer = browser.get(path)
            text = b"".join(answer.streaming_content) if answer.streaming else answer.content
            said = text.decode(errors="replace") + str(dict(answer.items()))
            read += answer.status_code == 200
            broken += [f"{path} as {role}"] if answer.status_code >= 500 else []
            leaks += [f"{path} as {role}: {what}" for what in found_in(said)]
    assert (leaks, broken) == ([], [])
    assert read > 60


def test_no_mail_to_anybody_else_tells_it(canary):
    others = [one for one in mail.outbox if ADDRESS not in one.to]
    assert {address for one in others for address in one.to} >= {"bob@example.com", "cleo@example.com"}
    leaks = [
        f"{one.subject} to {one.to}: {what}"
        for one in others
        for part in message_from_string(one.message().as_string(), policy=default).walk()
        for what in found_in(
            f"{part.items()} {part.get_content() if part.get_content_maintype() == 'text' else ''}"
        )
    ]
    assert leaks == []


def test_the_canary_itself_is_found(canary, as_):
    assert found_in(as_(canary).get("/api/v1/me/").content.decode()) == ["the address", "its local part"]
    assert found_in(hashlib.md5(ADDRESS.encode()).hexdigest()) == [f"md5 of {ADDRESS}"]
    assert [one for one in mail.outbox if ADDRESS in one.to]
