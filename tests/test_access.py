"""Every address × every role → what they get. An address that is not in the table fails."""

from __future__ import annotations

import pytest
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from community.pages.models import Page
from forums.actions.drafts import save_draft
from forums.actions.threads import delete_thread
from moderation.actions.appeals import appeal
from moderation.actions.reports import file_report
from moderation.actions.sanctions import NewSanction, sanction
from moderation.actions.threads import hide_thread
from moderation.report_targets import find_target
from profiles.actions.keys import create_api_key
from profiles.mail.unsubscribe import make_token
from profiles.models import Team
from profiles.models.champion import Cohort, Nomination

ROLES = ("guest", "member", "champion", "moderator", "admin", "banned")
OPEN, MEMBERS = (200, 200, 200, 200, 200, 200), (302, 200, 200, 200, 200, 302)
GO = (302,) * 6
POSTS = (405,) * 6
TEAM = (302, 403, 403, 200, 200, 302)
# GET, by name: what guest, member, champion, moderator, admin and a banned person's old session get.
PAGES = {
    "achievement-list": OPEN,
    "community-home": OPEN,
    "dashboard-detail": MEMBERS,
    "draft-list": MEMBERS,
    "embed-questions": OPEN,
    "embed-script": OPEN,
    "embed-sign-in": MEMBERS,
    "favicon-read": (301,) * 6,
    "home": (200, 302, 302, 302, 302, 200),
    "limit-list": OPEN,
    "name-suggest": OPEN,
    "outbox-list": OPEN,
    "page-detail": OPEN,
    "points-mine": GO,
    "points-report": TEAM,
    "points-sheet": TEAM,
    "post-detail": GO,
    "post-edit": (302, 403, 403, 200, 200, 302),
    "post-history": OPEN,
    "post-pending": GO,
    "profile-detail": OPEN,
    "question-list": OPEN,
    "redemption-order": (302, 404, 404, 404, 404, 302),
    "review-list": TEAM,
    "robots-read": OPEN,
    "settings": GO,
    "settings-profile": MEMBERS,
    "settings-security": MEMBERS,
    "spam-figures": TEAM,
    "thread-ask": OPEN,
    "thread-detail": OPEN,
    "thread-new": OPEN,
    "thread-short": (301,) * 6,
    "thread-solved": GO,
    "thread-subscription": GO,
    "topic-detail": OPEN,
    "unsubscribe": OPEN,
}
# Only POST changes anything: a GET is refused whoever asks.
ACTIONS = (
    "award-show",
    "body-preview",
    "draft-discard",
    "draft-save",
    "embed-ask",
    "embed-reply",
    "gift-give",
    "post-delete",
    "post-moderate",
    "posts-moderate",
    "log-undo",
    "post-redact",
    "post-solution",
    "post-undelete",
    "post-vote",
    "redemption-code",
    "reward-redeem",
    "settings-avatar",
    "spam-filter",
    "theme-choose",
    "thread-delete",
    "thread-me-too",
    "thread-moderate",
    "threads-moderate",
    "thread-reply",
    "thread-undelete",
    "threads-read",
    "topic-subscription",
    "upload-add",
)
MODERATION_PATHS = {
    "limit-list": "/community/limits/",
    "review-list": "/moderation/review/",
    "spam-figures": "/moderation/spam/",
}
PAGES |= {
    "log-list": TEAM, "thread-panel": TEAM, "profile-plan": TEAM, "demo-person": OPEN, "demo-activity": OPEN,
}  # fmt: skip
ACTIONS += ("profile-trust", "demo-plan")
LOG_PATHS = {
    "log-list": "/moderation/log/", "demo-person": "/moderation/demo/person/?email=a@example.com",
    "demo-activity": "/moderation/demo/activity/",
}  # fmt: skip
# Looked at elsewhere: allauth's (accounts/), Django's admin, the API, files.
ELSEWHERE = ("media-read", "outbox-")
ELSEWHERE_PARTS = {"admin", "api"}


def _names(patterns):
    for one in patterns:
        if isinstance(one, URLResolver):
            if one.namespace not in ELSEWHERE_PARTS:
                yield from _names(one.url_patterns)
        elif isinstance(one, URLPattern):
            yield one.name or str(one.pattern)


def test_every_address_is_in_the_table():
    known = set(PAGES) | set(ACTIONS) | SETTINGS_ACTIONS
    top = [one for one in get_resolver().url_patterns if str(one.pattern) != "accounts/"]
    missing = [name for name in _names(top) if name not in known and not name.startswith(ELSEWHERE)]
    assert missing == []


# Members and teams.
LEADS = (302, 403, 403, 403, 200, 302)
PAGES |= {
    "settings-data": MEMBERS, "people-list": OPEN, "team-list": OPEN, "team-detail": OPEN, "team-jobs": OPEN,
    "team-fragment": OPEN, "team-edit": LEADS,
    "champion-invitation": (302, 200, 404, 404, 404, 302),
    "profile-edit": (302, 403, 403, 200, 200, 302), "directory-list": (302, 403, 403, 200, 200, 302),
}  # fmt: skip
PEOPLE_PATHS = {
    "settings-data": "/settings/data/", "people-list": "/community/people/", "team-list": "/teams/",
    "team-detail": "/teams/firmware/", "team-jobs": "/teams/firmware/jobs/", "team-fragment": "/embed/teams/firmware/",
    "team-edit": "/teams/firmware/edit/",
    "directory-list": "/moderation/directory/",
}  # fmt: skip
SETTINGS_ACTIONS = {"settings-sessions", "settings-keys", "settings-key-revoke", "settings-data-download"}

# Search, and what engines read.
FOUND_PATHS = {
    "search": "/search/?q=export", "search-suggest": "/search/suggest/?q=export", "sitemap-index": "/sitemap.xml",
    "sitemap-part": "/sitemap-pages-0.xml", "feed-all": "/feeds/threads.atom", "feed-topic": "/feeds/topics/exports.atom",
    "feed-tag": "/feeds/tags/csv.atom", "opensearch-read": "/opensearch.xml", "security-read": "/.well-known/security.txt",
}  # fmt: skip
PAGES |= dict.fromkeys(FOUND_PATHS, OPEN)
PAGES |= {
    "search-report": (302, 403, 403, 200, 200, 302),
    "feed-thread": OPEN,
    "thread-card": OPEN,
    "thread-numbered": (301,) * 6,
    "password-change": GO,
}
ACTIONS += ("thread-similar", "thread-solved-it")

# Notifications and mail.
MAIL_PATHS = {
    "notification-list": "/community/notifications/", "notification-count": "/community/notifications/count/",
    "settings-mail": "/settings/mail/", "settings-mail-log": "/settings/mail/log/", "subscription-list": "/settings/subscriptions/",
}  # fmt: skip
PAGES |= dict.fromkeys(MAIL_PATHS, MEMBERS)
ACTIONS += (
    "notifications-read", "notifications-dismiss", "notification-undismiss", "settings-mail-pause", "settings-mail-restart",
    "digest-preview",
)  # fmt: skip

# Reports and the ladder.
TEAM = (302, 403, 403, 200, 200, 302)
PAGES |= {
    "report-new": OPEN, "counts-read": OPEN, "appeal-detail": OPEN, "report-list": TEAM, "report-detail": TEAM,
    "sanction-list": TEAM, "sanction-new": TEAM, "sanction-detail": TEAM, "appeal-list": TEAM, "appeal-decide": TEAM,
}  # fmt: skip
ACTIONS += (
    "page-useful",
    "report-claim",
    "report-decide",
    "reports-decide",
    "report-reveal",
    "sanction-lift",
)


@pytest.fixture
def everyone(alice, bob, cleo, mo, root, sam, as_):
    """A browser for each role; the banned person signed in before the ban."""
    sam.user.is_active = True
    sam.user.save()
    browsers = dict(zip(ROLES, (as_(None), as_(bob), as_(cleo), as_(mo), as_(root), as_(sam)), strict=True))
    sam.user.is_active = False
    sam.user.save()
    return browsers


@pytest.fixture
def decided_paths(person, alice, charlie, reply):
    """The pages of a report, a sanction, and an appeal against it."""
    report = file_report(charlie, find_target("post", reply.pk, charlie), reason="kind").report
    step = NewSanction(kind="correction", rule="kind", explanation="That was not kind.")
    given = sanction(person("tina", role="moderator"), alice, step)
    made = appeal(given, text="It was a joke.")
    return {
        "report-new": f"/moderation/report/post/{reply.pk}/", "counts-read": "/moderation/counts/",
        "appeal-detail": given.appeal_url, "report-list": "/moderation/reports/", "report-detail": report.get_absolute_url(),
        "sanction-list": "/moderation/sanctions/", "sanction-new": f"/moderation/sanctions/new/{alice.pk}/",
        "sanction-detail": given.get_absolute_url(), "appeal-list": "/moderation/appeals/",
        "appeal-decide": f"/moderation/appeals/{made.pk}/",
    }  # fmt: skip


@pytest.fixture
def paths(thread, reply, alice, settings, decided_paths):
    Team.objects.create(name="Firmware", slug="firmware")
    cohort = Cohort.objects.create(name="Spring")
    invited = Nomination.objects.create(cohort=cohort, profile=reply.author, invited_at=timezone.now())
    settings.EMBED_ORIGINS = ["https://docs.example.com"]
    Page.objects.get_or_create(
        slug="points", defaults={"title": "Points", "body": "x", "body_html": "<p>x</p>"}
    )
    return {
        "home": "/", "community-home": "/community/", "question-list": "/questions/", "topic-detail": "/questions/topic/exports/",
        "thread-detail": f"/questions/{thread.slug}/", "thread-ask": "/questions/ask/", "thread-short": f"/questions/{thread.pk}/",
        "post-detail": f"/questions/post/{reply.pk}/", "post-history": f"/questions/post/{reply.pk}/history/",
        "thread-new": f"/questions/thread/{thread.pk}/new/?after=1", "name-suggest": "/questions/suggest/?kind=mention&q=a",
        "post-pending": "/questions/pending/", "draft-list": "/questions/drafts/",
        "post-edit": f"/questions/post/{thread.posts.get(number=1).pk}/edit/",
        "thread-solved": f"/questions/thread/{thread.pk}/solved/",
        "thread-subscription": f"/questions/thread/{thread.pk}/subscription/",
        "profile-detail": f"/community/profiles/{alice.pk}/", "settings": "/settings/", "settings-profile": "/settings/profile/",
        "settings-security": "/settings/security/", "points-mine": "/community/points/", "redemption-order": "/community/redemptions/1/order/", "page-detail": "/pages/points/", "robots-read": "/robots.txt", "favicon-read": "/favicon.ico",
        "outbox-list": "/outbox/", **PEOPLE_PATHS, **MAIL_PATHS, **MODERATION_PATHS, **LOG_PATHS, **decided_paths,
        "points-report": "/moderation/points/", "points-sheet": "/moderation/points/weeks.csv",
        "profile-edit": f"/community/profiles/{alice.pk}/edit/",
        "thread-panel": f"/moderation/threads/{thread.pk}/panel/", "profile-plan": f"/moderation/profiles/{alice.pk}/plan/",
        "champion-invitation": f"/community/champions/{invited.pk}/",
        "achievement-list": "/community/achievements/", "dashboard-detail": "/community/dashboard/",
        "embed-script": "/embed/v1.js", "embed-sign-in": "/embed/sign-in/",
        "embed-questions": "/embed/questions/?page=https://docs.example.com/docs",
        **FOUND_PATHS, "search-report": "/moderation/search/", "password-change": "/.well-known/change-password",
        "feed-thread": f"/feeds/threads/{thread.pk}.atom", "thread-card": f"/cards/threads/{thread.pk}.png",
        "thread-numbered": f"/questions/{thread.pk}/old-words/",
        "unsubscribe": f"/unsubscribe/{make_token(alice.pk, 'kind:mention')}/",
    }  # fmt: skip


def test_each_role_gets_what_the_table_says(everyone, paths):
    wrong = [
        f"{name} as {role}: {status}, not {expected}"
        for name, row in PAGES.items()
        for role, expected in zip(ROLES, row, strict=True)
        if (status := everyone[role].get(paths[name]).status_code) != expected
    ]
    assert wrong == []


def test_a_get_never_acts(everyone, thread, reply):
    known = {"pk": reply.pk, "slug": thread.slug}
    wrong = []
    for name in ACTIONS:
        for kwargs in ({}, {"pk": known["pk"]}, {"slug": known["slug"]}, {"pk": known["pk"], "number": 1}):
            try:
                path = reverse(name, kwargs=kwargs)
            except NoReverseMatch:
                continue
            wrong += [
                f"{name} as {role}"
                for role, browser in everyone.items()
                if browser.get(path).status_code != 405
            ]
    assert wrong == []


def test_strangers_get_404_for_what_is_hidden_or_deleted(everyone, thread, mo):
    hide_thread(mo, thread)
    path = f"/questions/{thread.slug}/"
    assert [everyone[role].get(path).status_code for role in ROLES] == [404, 404, 404, 200, 200, 404]
    delete_thread(mo, thread)
    assert [everyone[role].get(path).status_code for role in ROLES] == [404, 404, 404, 200, 200, 404]


def test_strangers_get_410_for_what_was_public_and_is_deleted(everyone, thread, mo):
    delete_thread(mo, thread)
    path = f"/questions/{thread.slug}/"
    assert [everyone[role].get(path).status_code for role in ROLES] == [410, 410, 410, 200, 200, 410]


def test_only_champions_and_up_hold_the_tools(everyone, thread):
    path = f"/moderation/threads/{thread.pk}/"
    answers = [everyone[role].post(path, {"do": "pin"}) for role in ROLES]
    assert [answer.status_code for answer in answers] == [302, 403, 302, 302, 302, 302]
    assert "/accounts/login/" in answers[0]["Location"]
    assert "/accounts/login/" in answers[5]["Location"]
    assert thread.subject not in everyone["guest"].get("/accounts/login/").content.decode()


def test_a_key_of_a_banned_person_is_refused(sam, thread, client):
    sam.user.is_active = True
    sam.user.save()
    _row, key = create_api_key(sam.user, label="bot")
    header = {"Authorization": f"Bearer {key}"}
    assert client.get("/api/v1/me/", headers=header).status_code == 200
    sam.user.is_active = False
    sam.user.save()
    assert client.get("/api/v1/me/", headers=header).status_code == 401


def test_drafts_are_their_writers_own(everyone, bob, thread):
    save_draft(bob, "ask", subject="Secret plans", body="nobody else reads this")
    assert "Secret plans" in everyone["member"].get("/questions/drafts/").content.decode()
    assert all(
        "Secret plans" not in everyone[role].get("/questions/drafts/").content.decode()
        for role in ("moderator", "admin")
    )
