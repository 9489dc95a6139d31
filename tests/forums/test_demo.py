"""The demo community is whole, once, and true to its counters."""

from django.core.management import call_command

from forums.models import Thread, Upload
from profiles.models import Profile


def test_the_demo_fills_an_empty_database_once(db, capsys, as_):
    call_command("seed_demo")
    assert "hana@example.com" in capsys.readouterr().out
    threads = Thread.objects.count()
    assert Thread.objects.solved().count() >= 5
    assert Thread.objects.unanswered().count() >= 2
    assert Upload.objects.filter(posts__isnull=False).exists()
    call_command("recount", "--check")
    call_command("seed_demo")
    assert Thread.objects.count() == threads
    for path in (
        "/questions/",
        "/questions/topic/sensors/",
        f"/community/profiles/{Profile.objects.first().pk}/",
    ):
        assert as_(None).get(path).status_code == 200
    _moderation_has_something_to_do(as_)
    _mail_shows_each_thing_that_can_become_of_it(as_)


def _mail_shows_each_thing_that_can_become_of_it(as_):
    hana, ola = (Profile.objects.get(user__email=f"{name}@example.com") for name in ("hana", "ola"))
    assert set(hana.deliveries.values_list("state", flat=True)) >= {"sent", "skipped", "failed"}
    assert 0 < hana.notifications.unread().count() < hana.notifications.count()
    assert hana.mail_settings.time_zone == "Europe/Amsterdam"
    assert "We stopped sending you e-mails" in as_(ola).get("/settings/mail/").content.decode()
    for path in (
        "/community/notifications/",
        "/settings/mail/log/",
        "/settings/subscriptions/",
        "/community/dashboard/",
    ):
        assert as_(hana).get(path).status_code == 200


def _moderation_has_something_to_do(as_):
    browser = as_(Profile.objects.get(user__email="hana@example.com"))
    reports = browser.get("/moderation/reports/").content.decode()
    assert "Salt on the rain gauge" in reports and "The status light" in reports
    assert "Webhook arrives twice" in browser.get("/moderation/reports/?state=decided").content.decode()
    assert "Piet" in browser.get("/moderation/appeals/").content.decode()
    review = browser.get("/moderation/review/").content.decode()
    assert "A meeting of station keepers" in review and "SUN50" in review
    assert "Does a second panel help" in browser.get("/moderation/review/?show=recent").content.decode()
