"""Admins see every mail and may send one again that did not go out; nobody else does."""

from __future__ import annotations

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core import mail as outbox
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.audit.models import LogEntry
from profiles.actions.notifications import notify
from profiles.mail.deliveries import send_due
from profiles.mail.preferences import set_preference, stop_mail
from profiles.mail.resend import resend
from profiles.models import Delivery, DeliveryState
from profiles.notifications import Kind, add_kind
from profiles.queries import mail_settings_of

LIST = "/admin/profiles/delivery/"


@pytest.fixture
def mail():
    add_kind(Kind("test", "Tests of things"))

    def make(profile, number=1, state=DeliveryState.FAILED, **fields):
        source = f"post:{number}"
        return Delivery.objects.create(
            profile=profile,
            kind="test",
            source_key=source,
            title=f"Mail {number}",
            url="/x/",
            state=state,
            **fields,
        )

    return make


def _do(browser, path, action, *rows):
    data = {
        ACTION_CHECKBOX_NAME: [row.pk for row in rows],
        "action": action,
        "confirm": "yes",
        "reason": "server mended",
    }
    return browser.post(path, data, follow=True)


@pytest.mark.parametrize("path", [LIST, "/admin/profiles/mailreturn/", "/admin/profiles/mailsettings/"])
def test_mail_is_for_admins_only(path, bob, cleo, mo, root, mail, as_):
    mail(bob)
    stop_mail(bob, "bounced")
    assert [as_(one).get(path).status_code for one in (bob, cleo, mo, root)] == [302, 302, 403, 200]


def test_a_mail_that_failed_is_sent_again_and_the_log_says_who_did_it(alice, root, mail, as_):
    row = mail(alice, reason="gave_up", attempts=9)
    _do(as_(root), LIST, "send_again", row)
    send_due()
    row.refresh_from_db()
    assert (row.state, row.attempts, [one.to for one in outbox.outbox]) == (
        "sent",
        1,
        [["alice@example.com"]],
    )
    entry = LogEntry.objects.get(action="mail.resent")
    assert (entry.actor_id, entry.target) == (root.pk, f"delivery:{row.pk}")


def test_what_was_sent_is_never_sent_again(alice, root, mail, as_):
    row = mail(alice, state=DeliveryState.SENT)
    answer = _do(as_(root), LIST, "send_again", row)
    send_due()
    assert "This e-mail was already sent or is being sent." in answer.content.decode()
    assert outbox.outbox == []


def test_a_mail_somebody_does_not_want_is_left_out_again(alice, root, mail):
    set_preference(alice, "test", email=False)
    row = mail(alice, state=DeliveryState.SKIPPED, reason="preference")
    resend(root, row, reason="asked for it")
    send_due()
    row.refresh_from_db()
    assert (row.state, row.reason, outbox.outbox) == ("skipped", "preference", [])


def test_a_moderator_sends_nothing_again(alice, mo, mail):
    with pytest.raises(Exception, match="Only admins"):
        resend(mo, mail(alice))


def test_an_admin_starts_a_stopped_address_again(alice, root, as_):
    stop_mail(alice, "bounced")
    _do(as_(root), "/admin/profiles/mailsettings/", "start_again", alice)
    assert mail_settings_of(alice).mail_stopped_at is None
    assert LogEntry.objects.filter(action="mail.restarted", target=f"profile:{alice.pk}").exists()


def test_rows_are_found_by_handle_and_by_the_providers_id_and_cannot_be_changed(alice, bob, root, mail, as_):
    browser, row = as_(root), mail(alice, provider_id="abc-1")
    mail(bob, 2)
    for word in ("@alice-example", "abc-1"):
        found = browser.get(LIST, {"q": word}).content.decode()
        assert ("Mail 1" in found, "Mail 2" in found) == (True, False)
    assert browser.get(f"{LIST}{row.pk}/change/").status_code == 200
    assert browser.post(f"{LIST}{row.pk}/change/", {"state": "sent"}).status_code == 403
    assert browser.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_ten_more_mails_cost_no_more_queries(person, root, mail, as_):
    browser = as_(root)

    def queries():
        browser.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(LIST).status_code == 200
        return len(captured)

    for number in range(3):
        mail(person(f"p{number}"), number)
    few = queries()
    for number in range(3, 13):
        mail(person(f"p{number}"), number)
    assert queries() <= few


def test_telling_again_what_was_left_out_makes_no_second_row(alice, root, mail):
    row = mail(alice, state=DeliveryState.SKIPPED, reason="gone")
    notify([alice], "test", source_key="post:1", title="Again", url="/x/")
    resend(root, row)
    assert Delivery.objects.count() == 1
