"""Settings of mail: each kind by each road, the time of the digest, a pause, and starting again after a stop."""

from __future__ import annotations

import pytest

from profiles.actions.notifications import notify
from profiles.mail.preferences import stop_mail
from profiles.models import MailSettings, NotificationPreference
from profiles.notifications import Kind, add_kind
from profiles.queries import mail_settings_of, wishes_of

PATH = "/settings/mail/"


@pytest.fixture(autouse=True)
def _kinds():
    add_kind(Kind("test", "Tests of things"))
    add_kind(Kind("decision", "Decisions of tests", fixed=True))
    add_kind(Kind("team", "For the testing team", least_role="moderator"))
    add_kind(Kind("letter", "Test letters", mail_only=True))


def fields(profile, **changes):
    """What the form holds for `profile`, with `changes`; boxes that are not ticked are not sent."""
    now = mail_settings_of(profile)
    sent = {"digest_hour": now.digest_hour, "time_zone": now.time_zone}
    for wish in wishes_of(profile):
        sent |= {f"in_app:{wish.kind.key}": wish.in_app, f"email:{wish.kind.key}": wish.email}
    return {name: value for name, value in {**sent, **changes}.items() if value is not False}


def test_kinds_are_listed_for_those_who_may_have_them(alice, mo, as_):
    member, moderator = (as_(one).get(PATH).content.decode() for one in (alice, mo))
    assert (
        "Tests of things" in member,
        "For the testing team" in member,
        "Decisions of tests" in member,
    ) == (True, False, False)
    assert "For the testing team" in moderator
    assert 'name="in_app:letter"' not in member
    assert 'name="email:letter"' in member


def test_a_road_that_is_turned_off_is_not_taken(alice, bob, as_):
    assert as_(alice).post(PATH, fields(alice, **{"in_app:test": False})).status_code == 302
    assert as_(bob).post(PATH, fields(bob, **{"email:test": False})).status_code == 302
    notify([alice, bob], "test", source_key="post:1", title="Something", url="/x/")
    assert (alice.notifications.count(), bob.notifications.count()) == (0, 1)
    assert (alice.deliveries.get().state, bob.deliveries.get().state) == ("queued", "skipped")
    as_(alice).post(PATH, fields(alice, **{"in_app:test": "on"}))
    assert wishes_of(alice)[0].in_app


def test_saving_without_a_change_writes_nothing(alice, as_):
    as_(alice).post(PATH, fields(alice))
    assert (NotificationPreference.objects.count(), MailSettings.objects.count()) == (0, 0)


def test_nobody_chooses_for_the_team_or_against_decisions(alice, as_):
    as_(alice).post(PATH, {**fields(alice), "email:team": "on", "email:decision": "", "in_app:decision": ""})
    assert NotificationPreference.objects.count() == 0


def test_the_digest_comes_at_the_chosen_hour_and_zone(alice, as_):
    browser = as_(alice)
    browser.post(PATH, fields(alice, digest_hour="17", time_zone="America/Sao_Paulo"))
    row = MailSettings.objects.get(profile=alice)
    assert (row.digest_hour, row.time_zone) == (17, "America/Sao_Paulo")
    assert '<option value="America/Sao_Paulo" selected>' in browser.get(PATH).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"digest_hour": "24"}, {"digest_hour": "x"}, {"digest_hour": ""}, {"time_zone": "Mars/Olympus"}, {"time_zone": "../etc/passwd"}],
    ids=str,
)  # fmt: skip
def test_what_is_no_time_is_said_and_not_kept(wrong, alice, as_):
    answer = as_(alice).post(PATH, fields(alice, **wrong))
    assert answer.status_code == 400
    assert "field__error" in answer.content.decode()
    assert MailSettings.objects.count() == 0


def test_a_pause_is_shown_and_ends(alice, as_):
    browser = as_(alice)
    browser.post(PATH + "pause/", {"do": "pause"})
    assert "You paused all e-mails" in browser.get(PATH).content.decode()
    browser.post(PATH + "pause/", {"do": "resume"})
    assert mail_settings_of(alice).paused_at is None


@pytest.mark.parametrize(("reason", "said"), [("bounced", "bounced"), ("complained", "marked as spam")])
def test_who_is_not_sent_to_any_more_is_told_and_can_start_again(reason, said, alice, as_):
    stop_mail(alice, reason)
    browser = as_(alice)
    page = browser.get(PATH).content.decode()
    assert "We stopped sending you e-mails" in page
    assert said in page
    browser.post(PATH + "restart/")
    now = mail_settings_of(alice)
    assert (now.mail_stopped_at, now.bounce_score) == (None, 0)
    assert "We stopped sending" not in browser.get(PATH).content.decode()


def test_ten_more_zones_of_settings_cost_no_more_queries(alice, as_, django_assert_max_num_queries):
    browser = as_(alice)
    browser.get(PATH)
    for number in range(10):
        add_kind(Kind(f"kind-{number}", f"Kind {number}"))
    with django_assert_max_num_queries(7):
        browser.get(PATH)
