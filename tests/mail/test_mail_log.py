"""The log of mails to oneself: what was sent, what was not and why, what failed."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from profiles.models import Delivery, DeliveryState, SkipReason
from profiles.notifications import Kind, add_kind

PATH = "/settings/mail/log/"


@pytest.fixture
def mail():
    add_kind(Kind("test", "Tests of things"))

    def make(profile, number=1, state=DeliveryState.SENT, **fields):
        fields = {"title": f"Mail <i>{number}</i>", "url": f"/questions/{number}/", **fields}
        return Delivery.objects.create(
            profile=profile, kind="test", source_key=f"thing:{number}", state=state, **fields
        )

    return make


def test_each_mail_stands_there_with_what_became_of_it(alice, bob, mail, as_):
    mail(alice, 1, sent_at=timezone.now())
    mail(alice, 2, DeliveryState.SKIPPED, reason=SkipReason.GONE)
    mail(alice, 3, DeliveryState.FAILED, reason=SkipReason.GAVE_UP, detail="450 try later")
    mail(alice, 4, DeliveryState.FAILED, next_attempt_at=timezone.now())
    mail(alice, 5, DeliveryState.QUEUED, next_attempt_at=timezone.now())
    mail(bob, 6, title="Between Bob and us")
    page = as_(alice).get(PATH).content.decode()
    for said in (
        "Mail &lt;i&gt;1",
        "hidden, archived or deleted",
        "after several attempts",
        "We will try again",
        "Waiting",
        "Tests of things",
    ):
        assert said in page
    assert "Between Bob and us" not in page


@pytest.mark.parametrize("show", ["sent", "skipped", "failed", "waiting"])
def test_it_can_be_narrowed(show, alice, mail, as_):
    states = {"sent": "sent", "skipped": "skipped", "failed": "failed", "waiting": "claimed"}
    for number, state in enumerate(states.values()):
        mail(alice, number, state)
    lines = as_(alice).get(f"{PATH}?show={show}").context["lines"]
    assert [row.state for row, _label, _why in lines] == [states[show]]


def test_an_empty_log_says_so(alice, as_):
    assert "No e-mails yet" in as_(alice).get(PATH).content.decode()
    assert "No e-mails match this filter" in as_(alice).get(PATH + "?show=failed").content.decode()


def test_a_row_of_a_kind_that_is_gone_still_shows(alice, mail, as_):
    row = mail(alice, 1, "skipped", title="From long ago", reason="no-such")
    Delivery.objects.filter(pk=row.pk).update(kind="of-old")
    assert "From long ago" in as_(alice).get(PATH).content.decode()


def test_ten_more_mails_cost_no_more_queries_and_page(alice, mail, as_):
    browser = as_(alice)

    def queries():
        browser.get(PATH)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(PATH).status_code == 200
        return len(captured)

    for number in range(5):
        mail(alice, number)
    few = queries()
    for number in range(5, 25):
        mail(alice, number)
    assert queries() <= few
    first = browser.get(PATH).context["page"]
    assert (len(first.rows), len(browser.get(f"{PATH}?after={first.older}").context["page"].rows)) == (20, 5)
