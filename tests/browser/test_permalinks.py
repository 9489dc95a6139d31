"""What a browser has seen once does not stand in the way of what is true now."""

from __future__ import annotations

import pytest

from forums.actions.threads import ask, delete_thread, edit_thread, undelete_thread

pytestmark = pytest.mark.browser


def test_renamed_and_renamed_back_opens_in_a_browser_that_saw_both(visitor, alice, topic):
    thread = ask(alice, topic=topic, subject="Hello from a roof", body="Warm.")
    guest = visitor()
    guest.go("/questions/hello-from-a-roof/")
    edit_thread(alice, thread, subject="Hello from a cellar")
    guest.go("/questions/hello-from-a-roof/")
    assert guest.page.url.endswith("/questions/hello-from-a-cellar/")
    edit_thread(alice, thread, subject="Hello from a roof")
    for slug in ("hello-from-a-cellar", "hello-from-a-roof"):
        guest.go(f"/questions/{slug}/")
        assert guest.page.url.endswith("/questions/hello-from-a-roof/")


def test_undeleted_opens_in_a_browser_that_saw_it_deleted(visitor, mo, alice, topic):
    thread = ask(alice, topic=topic, subject="Here today", body="Warm.")
    guest = visitor()
    delete_thread(mo, thread)
    guest.go(thread.get_absolute_url())
    assert "deleted" in guest.page.inner_text("h1").lower()
    undelete_thread(mo, thread)
    guest.go(thread.get_absolute_url())
    assert "Here today" in guest.page.inner_text("h1")
