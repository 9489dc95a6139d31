"""Every route and method × every role → status. A route or method that is not in the table fails."""

import pytest
from django.db import transaction
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from forums.actions.drafts import save_draft
from profiles.models import Team

# alice asked the thread, bob wrote the reply the routes about one post are called for.
ROLES = ("guest", "alice", "bob", "charlie", "cleo", "mo", "root")
OPEN, MEMBERS, POSTS = (200,) * 7, (401, *(200,) * 6), (401, *(201,) * 6)
TOOLS = (401, 403, 403, 403, 200, 200, 200)
ASK = {"subject": "Where is the lid?", "topic": "kettles", "body": "I lost it."}
TABLE = {
    ("schema-read", "get"): (None, OPEN),
    ("docs-read", "get"): (None, OPEN),
    ("me-show", "get"): (None, MEMBERS),
    ("me-show", "patch"): ({"location": "Here"}, MEMBERS),
    ("notification-list", "get"): (None, MEMBERS),
    ("notification-read", "post"): ({"ids": "all"}, MEMBERS),
    ("profile-list", "get"): (None, OPEN),
    ("profile-show", "get"): (None, OPEN),
    ("profile-discussions", "get"): (None, OPEN),
    ("team-list", "get"): (None, OPEN),
    ("team-show", "get"): (None, OPEN),
    ("achievement-list", "get"): (None, OPEN),
    ("gift-give", "post"): ({"points": 1, "reason": "Thanks."}, (401, 403, 403, 403, 403, 201, 201)),
    ("topic-list", "get"): (None, OPEN),
    ("topic-show", "get"): (None, OPEN),
    ("topic-subscribe", "put"): ({"delivery": "digest"}, MEMBERS),
    ("thread-list", "get"): (None, OPEN),
    ("thread-list", "post"): (ASK, POSTS),
    ("thread-similar", "get"): (None, OPEN),
    ("search-list", "get"): (None, OPEN),
    ("log-undo", "post"): (None, (401, 403, 403, 403, 404, 404, 404)),
    ("log-list", "get"): (None, (401, 403, 403, 403, 403, 200, 200)),
    ("thread-show", "get"): (None, OPEN),
    ("thread-show", "patch"): (
        {"subject": "Kettle stays cold", "reason": "Clearer"},
        (401, 200, 403, 403, 200, 200, 200),
    ),
    ("thread-show", "delete"): (None, (401, 403, 403, 403, 403, 204, 204)),
    ("thread-posts", "get"): (None, OPEN),
    ("thread-posts", "post"): ({"body": "Hello"}, POSTS),
    # Bob's reply is minutes old: the asker goes first, and champions and moderators wait a day.
    ("thread-solve", "put"): ({"post": "reply"}, (401, 200, 403, 403, 403, 403, 403)),
    ("thread-solve", "delete"): (None, (401, 200, 403, 403, 200, 200, 200)),
    ("thread-subscribe", "put"): (None, MEMBERS),
    ("thread-subscribe", "delete"): (None, MEMBERS),
    ("thread-moderate", "patch"): ({"locked": True}, TOOLS),
    ("bulk-moderate", "post"): ({"do": "lock", "threads": [1], "reason": "Done."}, TOOLS),
    ("thread-merge", "post"): ({"into": 999999}, (401, 403, 403, 403, 400, 400, 400)),
    ("thread-merge", "delete"): (None, TOOLS),
    ("post-show", "get"): (None, OPEN),
    ("post-show", "patch"): (
        {"body": "Switch it off.", "reason": "Clearer"},
        (401, 403, 200, 403, 403, 200, 200),
    ),
    ("post-show", "delete"): (None, (401, 403, 204, 403, 403, 204, 204)),
    ("post-vote", "put"): (None, (401, 200, 403, 200, 200, 200, 200)),
    ("post-vote", "delete"): (None, (401, 200, 403, 200, 200, 200, 200)),
    ("post-revisions", "get"): (None, OPEN),
    ("post-redact", "delete"): (None, (401, 403, 404, 403, 403, 404, 404)),
    ("post-moderate", "patch"): ({"hidden": True}, TOOLS),
    ("post-preview", "post"): ({"body": "Hello"}, MEMBERS),
    ("upload-create", "post"): (None, (401, *(400,) * 6)),
    ("embed-threads", "get"): ({"docs_page": "https://docs.example.com/docs"}, OPEN),
    ("points-show", "get"): (None, MEMBERS),
    ("transaction-list", "get"): (None, MEMBERS),
    ("reward-list", "get"): (None, MEMBERS),
    ("reward-redeem", "post"): (None, (401, *(404,) * 6)),
    ("redemption-list", "get"): (None, MEMBERS),
    ("redemption-code", "post"): (None, (401, *(404,) * 6)),
    ("redemption-order", "get"): (None, (401, *(404,) * 6)),
    ("redemption-order", "put"): (None, (401, *(404,) * 6)),
    ("tag-list", "get"): (None, OPEN),
    ("draft-list", "get"): (None, MEMBERS),
    ("draft-show", "get"): (None, MEMBERS),
    ("draft-show", "put"): ({"body": "Hello"}, MEMBERS),
    ("draft-show", "delete"): (None, (401, *(204,) * 6)),
}
# Reports and the ladder: alice is the one reported, mo and root decide; the ids lead nowhere.
TEAM, NOWHERE = (401, 403, 403, 403, 403, 200, 200), (401, 403, 403, 403, 403, 404, 404)
STEP = {"profile": 10**9, "kind": "correction", "reason": "kind", "explanation": "That was not kind."}
TABLE |= {
    ("report-create", "post"): ({"post": "reply", "reason": "kind"}, (401, 201, 403, *(201,) * 4)),
    ("report-list", "get"): (None, TEAM),
    ("report-show", "get"): (None, NOWHERE),
    ("report-show", "patch"): ({"claimed": True}, NOWHERE),
    ("sanction-list", "get"): (None, TEAM),
    ("sanction-list", "post"): (STEP, NOWHERE),
    ("sanction-show", "get"): (None, NOWHERE),
    ("sanction-show", "patch"): ({"lifted": True, "reason": "Enough."}, NOWHERE),
    ("appeal-list", "get"): (None, TEAM),
    ("appeal-show", "get"): (None, NOWHERE),
    ("appeal-show", "patch"): ({"outcome": "stands", "answer": "No."}, NOWHERE),
}
METHODS = ("get", "post", "put", "patch", "delete")


def routes(patterns):
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns)
        elif isinstance(one, URLPattern) and one.name != "nothing-here":
            view = getattr(one.callback, "view_class", None)
            for method in METHODS if view else ("get",):
                if view is None or hasattr(view, method):
                    yield one.name, method


def test_every_route_is_in_the_table():
    api = next(one for one in get_resolver().url_patterns if getattr(one, "namespace", None) == "api")
    assert set(routes(api.url_patterns)) == set(TABLE)


@pytest.fixture
def people(request, as_, thread, settings):
    Team.objects.create(name="Kettles", slug="kettles")
    settings.EMBED_ORIGINS = ["https://docs.example.com"]
    profiles = {name: request.getfixturevalue(name) for name in ROLES[1:]}
    for profile in profiles.values():
        save_draft(profile, "ask", body="Text")
    return {"guest": as_(None), **{name: as_(profile) for name, profile in profiles.items()}}


def test_each_role_gets_what_the_table_says(thread, reply, people):
    known = {
        "thread_id": thread.pk,
        "post_id": reply.pk,
        "profile_id": thread.author_id,
        "slug": "kettles",
        "key": "ask",
        "redemption_id": 1,
        "report_id": 1,
        "sanction_id": 1,
        "appeal_id": 1,
        "entry_id": 10**9,
    }
    wrong = []
    for (name, method), (body, expected) in TABLE.items():
        url = address(name, known)
        body = {**body, "post": reply.pk} if body and body.get("post") == "reply" else body
        for role, status in zip(ROLES, expected, strict=True):
            with transaction.atomic():
                answer = getattr(people[role], method)(url, body)
                transaction.set_rollback(True)
            if answer.status_code != status:
                wrong.append(f"{method} {url} as {role}: {answer.status_code}, not {status}")
    assert wrong == []


def address(name, known):
    for kwargs in (
        {},
        *({key: value} for key, value in known.items()),
        {"post_id": known["post_id"], "number": 1},
    ):
        try:
            return reverse(f"api:{name}", kwargs=kwargs)
        except NoReverseMatch:
            continue
    raise AssertionError(name)
