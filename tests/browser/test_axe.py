"""Every page, in both themes, at 360 and 1280 px: no axe violations, no sideways scroll, no console errors."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from community.pages.models import Page as SitePage
from forums.actions.drafts import save_draft
from forums.actions.posts import edit_post, post_reply
from forums.actions.solutions import mark_solution
from forums.models import Resolution, Thread
from profiles.models import Profile

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
LOOKS = ((360, "light"), (360, "dark"), (1280, "light"), (1280, "dark"))


def _problems(who, paths):
    found = []
    for path in paths:
        who.go(path)
        wide = who.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            found.append(f"{path}: {wide} px too wide")
        # A frame has its host's ground; its own would be the canvas, which axe takes for white.
        who.page.evaluate("/^.embed/.test(location.pathname) && (document.documentElement.style.background = 'Canvas')")
        answer = Axe().run(who.page, options=RULES).response
        found += [f"{path}: {one['id']} {[node['target'] for node in one['nodes'][:3]]}" for one in answer["violations"]]
    return found + who.errors


@pytest.fixture
def lived_in(thread, bob, mo, alice):
    """A thread with something of everything."""
    reply = post_reply(
        bob, thread, body="> It has no rows\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```python\nx = 'y'  # z\n```\n\n- [x] done"
    )
    for number in range(10):
        post_reply(mo if number % 2 else bob, thread, body=f"And one more thing, number {number}.")
    mark_solution(alice, reply)
    edit_post(bob, reply, body="Check the filter, said again.", reason="clearer")
    SitePage.objects.get_or_create(
        slug="points", defaults={"title": "How points work", "body": "Kindly.", "body_html": "<p>Kindly.</p>"}
    )
    save_draft(mo, "ask", subject="A half question", body="half a body")
    return thread


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_pages_a_guest_sees_are_accessible(visitor, lived_in, width, scheme):
    guest = visitor(width=width, scheme=scheme)
    alice = Profile.objects.get(handle="alice-example")
    assert _problems(guest, [
        "/", "/questions/", "/questions/topic/exports/", "/questions/?tag=none", f"/questions/{lived_in.slug}/", "/questions/ask/",
        f"/questions/post/{lived_in.posts.get(number=2).pk}/history/", f"/community/profiles/{alice.pk}/", "/accounts/login/",
        "/accounts/signup/", "/accounts/password/reset/", "/pages/points/", "/outbox/", "/api/v1/docs/",
    ]) == []  # fmt: skip


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_pages_a_moderator_sees_are_accessible(visitor, lived_in, width, scheme):
    member = visitor(width=width, scheme=scheme)
    member.sign_in("mo")
    assert _problems(member, [
        "/community/", f"/questions/{lived_in.slug}/", "/questions/ask/", "/questions/drafts/", "/questions/topic/exports/",
        f"/questions/post/{lived_in.posts.get(number=2).pk}/edit/", "/settings/profile/", "/settings/security/",
        "/settings/mail/", "/settings/mail/log/", "/settings/subscriptions/", "/community/notifications/", "/community/dashboard/",
        "/settings/api-keys/", "/settings/sessions/", "/accounts/sessions/", "/accounts/3rdparty/", "/accounts/2fa/webauthn/", "/accounts/2fa/", "/accounts/email/", "/accounts/password/change/",
        "/accounts/logout/", "/moderation/points/", "/community/achievements/",
        f"/community/profiles/{Profile.objects.get(handle='alice-example').pk}/?tab=points",
    ]) == []  # fmt: skip


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_what_an_asker_is_asked_is_accessible(visitor, lived_in, settings, width, scheme):
    settings.EMBED_ORIGINS = ["https://docs.example.com"]
    Resolution.objects.create(thread=lived_in, post=lived_in.posts.get(number=2))
    Thread.objects.filter(pk=lived_in.pk).update(solution=None, solved_at=None)
    asker = visitor(width=width, scheme=scheme)
    asker.sign_in("alice")
    page = f"/questions/{lived_in.slug}/"
    assert _problems(asker, [
        page, f"/questions/thread/{lived_in.pk}/solved/", "/search/?q=export", "/embed/questions/?page=https://docs.example.com/docs",
    ]) == []  # fmt: skip
    asker.go(page)
    assert asker.page.locator("#did-it-solve").is_visible()
