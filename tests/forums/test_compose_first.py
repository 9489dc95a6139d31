"""Somebody writes first and signs in afterwards: every page on the way says that the text is safe."""

from __future__ import annotations

import pytest
from django.test import Client

from forums.models import PendingPost
from tests.conftest import PASSWORD

SUBJECT = "Why does the kettle hum?"


@pytest.fixture
def guest(topic) -> Client:
    """A guest who asked and was led to sign in."""
    browser = Client()
    answer = browser.post("/questions/ask/", {"topic": topic.slug, "subject": SUBJECT, "body": "It hums."})
    assert answer["Location"].startswith("/accounts/login/")
    return browser


def messages_of(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_sign_in_and_sign_up_say_that_the_question_is_saved(guest):
    for path in ("/accounts/login/", "/accounts/signup/"):
        page = guest.get(path).content.decode()
        assert "Your question is saved" in page
        assert SUBJECT in page


def test_the_page_for_the_code_says_that_the_question_is_saved(guest):
    form = {"first_name": "Nia", "email": "nia@example.com", "password1": PASSWORD}
    page = guest.post("/accounts/signup/", form, follow=True)
    assert "email" in page.request["PATH_INFO"]
    assert "Your question is saved" in page.content.decode()


def test_after_signing_in_the_question_is_posted_and_the_page_says_so(guest, alice):
    form = {"login": "alice@example.com", "password": PASSWORD, "next": "/questions/pending/"}
    page = guest.post("/accounts/login/", form, follow=True)
    assert SUBJECT in page.content.decode()
    assert "Question posted." in messages_of(page)
    assert PendingPost.objects.filter(posted=None).count() == 0


def test_a_reply_written_first_is_saved_and_posted(thread, bob):
    browser = Client()
    browser.post(f"{thread.get_absolute_url()}reply/", {"body": "Check the lid."})
    assert "Your reply is saved" in browser.get("/accounts/login/").content.decode()
    form = {"login": "bob@example.com", "password": PASSWORD, "next": "/questions/pending/"}
    assert "Reply posted." in messages_of(browser.post("/accounts/login/", form, follow=True))


def test_a_question_that_awaits_approval_is_not_called_posted(guest, alice, topic):
    topic.review_threads = True
    topic.save()
    form = {"login": "alice@example.com", "password": PASSWORD, "next": "/questions/pending/"}
    found = messages_of(guest.post("/accounts/login/", form, follow=True))
    assert "Question posted." not in found
    assert any("A moderator reviews it" in one for one in found)


def test_nothing_is_said_to_somebody_who_wrote_nothing(db, client):
    client.cookies["pending"] = "made-up"
    for path in ("/accounts/login/", "/accounts/signup/"):
        assert "is saved" not in client.get(path).content.decode()
