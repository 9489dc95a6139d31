"""Permalinks: they follow the subject, open whatever it is, and tell nothing of threads one may not see."""

from __future__ import annotations

import importlib

from django.apps import apps
from django.urls import get_resolver

from community.lib.paths import words_under
from forums.actions.threads import ask, delete_thread, edit_thread
from forums.models import Thread, ThreadSlug
from moderation.actions.effects import settle
from moderation.actions.review import approve_post
from moderation.actions.sanctions import NewSanction, sanction
from moderation.actions.threads import make_private, make_public


def _ask(author, topic, subject, **given):
    return ask(author, topic=topic, subject=subject, body=f"{subject}, by {author.name}.", **given)


def test_old_permalink_redirects_and_is_asked_for_again(as_, alice, topic):
    thread = _ask(alice, topic, "Hello from a roof")
    edit_thread(alice, thread, subject="Hello from a cellar")
    answer = as_(None).get("/questions/hello-from-a-roof/")
    assert (answer.status_code, answer["Location"]) == (301, "/questions/hello-from-a-cellar/")
    assert answer["Cache-Control"] == "no-cache"
    edit_thread(alice, thread, subject="Hello from a roof")
    assert as_(None).get("/questions/hello-from-a-roof/").status_code == 200
    assert as_(None).get("/questions/hello-from-a-cellar/")["Location"] == "/questions/hello-from-a-roof/"


def test_no_browser_keeps_what_is_missing_or_gone(as_, mo, bob, thread):
    delete_thread(mo, thread)
    step = NewSanction(
        kind="permanent_ban",
        rule="spam",
        explanation="Only spam.",
        skip_reason="Spam alone.",
        content="removed",
    )
    settle(sanction(mo, bob, step).pk)
    gone = (thread.get_absolute_url(), f"/community/profiles/{bob.pk}/", f"/api/v1/profiles/{bob.pk}/")
    for path, status in (*((path, 410) for path in gone), ("/questions/never-was/", 404)):
        answer = as_(None).get(path)
        assert (answer.status_code, answer["Cache-Control"]) == (status, "no-store")


def test_subject_that_is_a_word_of_our_addresses_opens(as_, alice, topic):
    words = sorted(words_under("questions/"))
    assert {"read", "drafts", "ask", "pending", "topic", "post", "thread"} <= set(words)
    for word in (*words, "new", "2027"):
        thread = _ask(alice, topic, word.title())
        match = get_resolver().resolve(thread.get_absolute_url())
        assert match.url_name == "thread-detail", word
        assert get_resolver().resolve(f"{thread.get_absolute_url()}reply/").url_name == "thread-reply", word
    assert as_(None).get(thread.get_absolute_url()).status_code == 200


def test_existing_threads_named_like_an_address_get_a_number(as_, alice, mo, topic):
    read = _ask(alice, topic, "Something else")
    secret = _ask(alice, topic, "Our contract")
    Thread.objects.filter(pk=read.pk).update(slug="read")
    Thread.objects.filter(pk=secret.pk).update(private_at=secret.created_at, hidden_at=secret.created_at)
    migration = importlib.import_module("forums.migrations.0011_free_slugs")
    migration.number_slugs(apps, None)
    assert as_(None).get(f"/questions/read-{read.pk}/").status_code == 200
    assert as_(alice).get("/questions/our-contract/")["Location"] == f"/questions/our-contract-{secret.pk}/"
    assert _ask(mo, topic, "Our contract").slug == "our-contract"


def test_subject_of_a_private_thread_cannot_be_guessed(as_, alice, bob, mo, topic):
    private = _ask(alice, topic, "Our contract with Acme", private=True)
    once_public = _ask(alice, topic, "The leak")
    make_private(mo, once_public)
    assert _ask(bob, topic, "Our contract with Acme").slug == "our-contract-with-acme"
    for slug in (f"the-leak-{once_public.pk}", "the-leak"):
        assert as_(None).get(f"/questions/{slug}/").status_code == 404
    assert as_(alice).get("/questions/the-leak/", follow=True).status_code == 200
    theirs = _ask(bob, topic, "The leak")
    assert theirs.slug == "the-leak"
    theirs = edit_thread(bob, theirs, subject="The drip")
    assert as_(None).get("/questions/the-leak/")["Location"] == "/questions/the-drip/"
    make_public(mo, private)
    assert as_(None).get(f"/questions/our-contract-with-acme-{private.pk}/").status_code == 200


def test_made_public_again_has_its_plain_permalink(as_, alice, mo, topic):
    thread = make_private(mo, _ask(alice, topic, "The leak"))
    assert make_public(mo, thread).slug == "the-leak"
    assert not ThreadSlug.objects.filter(slug="the-leak").exists()
    assert as_(None).get(f"/questions/the-leak-{thread.pk}/")["Location"] == "/questions/the-leak/"


def test_thread_takes_its_plain_permalink_when_approved(as_, bob, mo, topic):
    topic.review_threads = True
    topic.save(update_fields=["review_threads"])
    waiting = _ask(bob, topic, "Is it plugged in?")
    assert waiting.slug == f"is-it-plugged-in-{waiting.pk}"
    approve_post(mo, waiting.posts.get(number=1))
    assert as_(None).get("/questions/is-it-plugged-in/").status_code == 200
