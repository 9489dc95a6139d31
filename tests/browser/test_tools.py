"""The tools of moderators and the edit history, in a browser with and without scripts (axe needs them)."""

from __future__ import annotations

import pytest

from forums.actions.posts import edit_post
from forums.models import Post, Thread
from tests.browser.looks import WIDTHS, violations

pytestmark = pytest.mark.browser


def _looks(page):
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{page.url} {width}: {one}" for one in violations(page)]
    return found


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def scripts(request):
    return request.param


def test_deleting_asks_first_and_the_message_undoes_it(visitor, as_, mo, thread, reply, scripts):
    moderator = visitor(scheme="dark", javascript=scripts)
    moderator.enter(as_(mo))
    page = moderator.page
    moderator.go(thread.get_absolute_url())
    assert not scripts or _looks(page) == []
    page.fill("#thread-why input[name=reason]", "Posted twice")
    page.click(".staff button:has-text('Delete…')")
    assert Thread.objects.get().deleted_at is None
    assert not scripts or _looks(page) == []
    assert page.input_value("input[name=reason]") == "Posted twice"
    page.click("button[name=confirmed]")
    assert Thread.objects.get().deleted_at
    page.click(".toast >> text=Undo")
    assert Thread.objects.get().deleted_at is None


def test_reply_is_hidden_with_a_reason_from_its_menu(visitor, as_, mo, thread, reply, scripts):
    moderator = visitor(width=360, javascript=scripts)
    moderator.enter(as_(mo))
    page = moderator.page
    moderator.go(thread.get_absolute_url())
    page.click(f"#post-{reply.pk} details[data-menu] > summary")
    assert page.is_visible(f"#post-{reply.pk} button:has-text('Delete…')")
    page.fill(f"#post-{reply.pk} input[name=reason]", "Not kind")
    page.click(f"#post-{reply.pk} >> button:has-text('Hide')")
    assert Post.objects.get(pk=reply.pk).hidden_at
    moderator.go("/moderation/log/")
    assert "Not kind" in page.inner_text("main")


def test_earlier_version_is_removed(visitor, as_, bob, reply, scripts):
    edit_post(bob, reply, body="Check the big filter.")
    author = visitor(width=360, javascript=scripts)
    author.enter(as_(bob))
    page = author.page
    author.go(f"/questions/post/{reply.pk}/history/")
    page.click("text=Remove this version’s text…")
    assert not scripts or _looks(page) == []
    page.click("button:has-text('Remove text')")
    assert reply.revisions.get().body == ""
    assert "The text of this version was removed." in page.inner_text("main")
    assert not scripts or _looks(page) == []
