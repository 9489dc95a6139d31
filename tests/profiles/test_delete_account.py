"""Deleting an account: asked for twice over, waited with, and then nothing of the person is left in the database."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from community.audit.models import LogEntry
from forums.actions.drafts import save_draft
from forums.actions.posts import edit_post, post_reply
from forums.actions.threads import ask, edit_thread
from forums.actions.uploads import save_upload
from forums.models import SearchMiss
from moderation.actions.appeals import appeal
from moderation.actions.reports import file_report
from moderation.actions.sanctions import NewSanction, sanction
from moderation.report_targets import find_target
from points.actions.gifts import Wish, give_points
from profiles.actions.avatars import set_avatar
from profiles.actions.champions import answer
from profiles.actions.keys import create_api_key
from profiles.actions.profiles import update_profile
from profiles.actions.teams import join_team
from profiles.models import AccountDeletion, Cohort, Nomination, Profile, Team, User
from profiles.privacy.deletion import cancel_deletion, delete_due_accounts, request_deletion
from profiles.privacy.exports import build_export, request_export
from profiles.tasks import look_after_accounts
from tests.profiles.test_avatar import picture

# Words that stand nowhere but in what this person gave us.
PRIVATE = (
    "zzyzxia",
    "quillbrook",
    "vexworthy",
    "nimbleford",
    "orchidpark",
    "10.77.66.55",
    "wombatkey",
    "draftsecret",
    "farsideuid",
    "wombatnote",
    "wombatappeal",
)
WRITTEN = ("gnomonrust", "tallowmere", "firstversion", "pelicanfact")


def _everything() -> dict[str, str]:
    """Return the text of every table, as a dump has it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        tables = [name for _schema, name in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f"SELECT string_agg(row_to_json(t)::text, E'\\n') FROM \"{table}\" t")
            found[table] = (cursor.fetchone()[0] or "").lower()
    return found


def _where(words) -> list[str]:
    return [f"{word} in {table}" for table, text in _everything().items() for word in words if word in text]


@pytest.fixture
def zia(person, topic, bob, root, as_, sign_in):
    """Somebody with something in every table an app gives them."""
    zia = person("zzyzxia.quillbrook", first_name="Zzyzxia", last_name="Quillbrook")
    update_profile(
        zia, zia, handle="vexworthy", bio="I live in nimbleford.", location="Orchidpark 12", company="Nimbleford Ltd",
        links={"website": "https://nimbleford.example/"}, interests="orchidpark gardens",
    )  # fmt: skip
    zia.refresh_from_db()
    set_avatar(zia, zia, picture())
    EmailAddress.objects.create(user=zia.user, email="second@quillbrook.example", verified=True)
    SocialAccount.objects.create(
        user=zia.user, provider="github", uid="farsideuid", extra_data={"login": "vexworthy"}
    )
    create_api_key(zia.user, label="wombatkey")
    sign_in(zia, REMOTE_ADDR="10.77.66.55").get("/settings/sessions/")
    mine = ask(
        zia, topic=topic, subject="Why is the gnomonrust stuck?", body="A firstversion of it.", tags=["csv"]
    )
    mine = edit_thread(zia, mine, subject="Why is the gnomonrust so stuck?", tags=["csv"])
    edit_post(zia, mine.posts.get(number=1), body="A pelicanfact, see below.")
    post_reply(bob, mine, body="Turn it, @vexworthy, and write again.")
    theirs = ask(bob, topic=topic, subject="How do I print?", body="It does not, @vexworthy said.", tags=[])
    reply = post_reply(zia, theirs, body="Ask tallowmere.")
    edit_post(zia, reply, body=f"Ask tallowmere again. ![]({save_upload(zia, picture()).url})")
    edit_post(root, reply, body="Ask tallowmere a third time.", reason="typo, dear Zzyzxia")
    update_profile(root, zia, location="Orchidpark 14")
    join_team(root, Team.objects.create(name="Firmware", slug="firmware"), zia, title="Nimbleford person")
    as_(root).get("/admin/")
    save_draft(zia, "ask", subject="draftsecret", body="draftsecret")
    _moderated(zia, reply, bob, root)
    give_points(root, zia, wish=Wish(points=10, reason="Thank you, Zzyzxia", category=None), key="gift")
    answer(zia, nominated(root, zia), accepted=False)
    SearchMiss.objects.create(words="zzyzxia quillbrook garden")
    build_export(request_export(zia).pk)
    zia.mine, zia.theirs = mine, theirs
    return zia


def _moderated(zia, reply, bob, root):
    """They report, are reported and warned, and appeal: words of theirs and about them in every table of it."""
    file_report(
        zia,
        find_target("post", reply.thread.posts.get(number=1).pk, root),
        reason="spam",
        note="It names wombatnote.",
    )
    file_report(bob, find_target("post", reply.pk, root), reason="spam", note="Zzyzxia again")
    file_report(bob, find_target("profile", zia.pk, root), reason="kind", note="@vexworthy, that is")
    given = sanction(
        root,
        zia,
        NewSanction(
            "warning",
            "kind",
            "Dear Zzyzxia, be kind.",
            skip_reason="Zzyzxia threatened her.",
            evidence=[reply.get_absolute_url()],
        ),
    )
    appeal(given, text="I was, says wombatappeal.")


def nominated(root, zia):
    nomination = Nomination(
        cohort=Cohort.objects.create(name="Spring"), profile=zia, why="Zzyzxia answers", nominated_by=root
    )
    nomination.invited_at = timezone.now()
    nomination.save()
    return nomination


def _deleted(profile, *, keep_posts, capture):
    with capture(execute=True):
        request_deletion(profile, keep_posts=keep_posts)
    AccountDeletion.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    with capture(execute=True):
        assert delete_due_accounts() == 1
        assert delete_due_accounts() == 0
    return Profile.objects.get(pk=profile.pk)


def test_the_canaries_are_there_before(zia):
    text = "".join(_everything().values())
    assert [word for word in (*PRIVATE, *WRITTEN) if word not in text] == []


def test_nothing_of_the_person_is_left_and_their_threads_stay(zia, as_, django_capture_on_commit_callbacks):
    avatar = zia.avatar
    gone = _deleted(zia, keep_posts=True, capture=django_capture_on_commit_callbacks)
    assert _where((*PRIVATE, "quillbrook")) == []
    page = as_(None).get(f"/questions/{zia.mine.slug}/").content.decode()
    assert "pelicanfact" in page and "Former member" in page
    assert "tallowmere" in as_(None).get(f"/questions/{zia.theirs.slug}/").content.decode()
    assert (gone.name, gone.handle, gone.user_id, gone.avatar) == (
        "Former member",
        f"former-{gone.pk}",
        None,
        "",
    )
    assert not default_storage.exists(avatar)
    assert as_(None).get(gone.get_absolute_url()).status_code == 404


def test_removed_posts_are_gone_with_their_versions_and_others_stay_readable(
    zia, as_, django_capture_on_commit_callbacks
):
    _deleted(zia, keep_posts=False, capture=django_capture_on_commit_callbacks)
    assert _where((*PRIVATE, *WRITTEN)) == []
    page = as_(None).get(f"/questions/{zia.mine.pk}/", follow=True)
    assert page.status_code == 200
    assert "Turn it" in page.content.decode() and "Its author removed this." in page.content.decode()
    assert "Former member" in page.content.decode()
    out = io.StringIO()
    call_command("recount", "--check", stdout=out)


def test_ledger_and_log_still_verify(zia, django_capture_on_commit_callbacks):
    for command in ("verify_log", "verify_ledger"):
        call_command(command, stdout=io.StringIO())
    _deleted(zia, keep_posts=False, capture=django_capture_on_commit_callbacks)
    for command in ("verify_log", "verify_ledger"):
        call_command(command, stdout=io.StringIO())
    assert (
        LogEntry.objects.filter(action="account.deleted", target=f"profile:{zia.pk}", actor_id=zia.pk).count()
        == 1
    )


def test_nobody_gets_in_any_more(zia, as_, client, django_capture_on_commit_callbacks):
    browser, key = as_(zia), create_api_key(zia.user, label="wombatkey two")[1]
    _deleted(zia, keep_posts=True, capture=django_capture_on_commit_callbacks)
    assert browser.get("/settings/profile/").status_code == 302
    assert client.get("/api/v1/me/", headers={"Authorization": f"Bearer {key}"}).status_code == 401
    assert not User.objects.filter(email__startswith="zzyzxia").exists()


def test_there_are_two_weeks_to_change_ones_mind(alice, sign_in, django_capture_on_commit_callbacks):
    browser = sign_in(alice)
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post("/settings/data/", {"do": "delete", "posts": "keep", "sure": "on"})
    assert answer.status_code == 302
    assert mail.outbox[-1].subject == "Your account will be deleted" and mail.outbox[-1].to == [
        "alice@example.com"
    ]
    assert "Your account will be deleted on" in browser.get("/settings/data/").content.decode()
    look_after_accounts()
    assert AccountDeletion.objects.get(profile=alice).due_at > timezone.now() + timedelta(days=13)
    browser.post("/settings/data/", {"do": "keep"})
    assert not AccountDeletion.objects.exists()
    actions = (
        LogEntry.objects.filter(target=f"profile:{alice.pk}").order_by("id").values_list("action", flat=True)
    )
    assert list(actions) == ["account.deletion_requested", "account.deletion_cancelled"]


def test_it_asks_who_you_are_again_and_whether_you_are_sure(alice, as_, sign_in):
    answer = as_(alice).post("/settings/data/", {"do": "delete", "posts": "keep", "sure": "on"})
    assert answer.status_code == 302 and "/accounts/reauthenticate/" in answer["Location"]
    assert sign_in(alice).post("/settings/data/", {"do": "delete", "posts": "keep"}).status_code == 400
    assert not AccountDeletion.objects.exists()


def test_the_only_admin_stays_and_asking_twice_changes_only_the_choice(root, alice):
    with pytest.raises(ValidationError, match="only admin"):
        request_deletion(root, keep_posts=True)
    first = request_deletion(alice, keep_posts=True)
    again = request_deletion(alice, keep_posts=False)
    assert (again.pk, again.due_at, again.keep_posts) == (first.pk, first.due_at, False)
    cancel_deletion(alice)
    cancel_deletion(alice)
