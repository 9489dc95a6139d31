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
    for path in ("/questions/", "/questions/topic/sensors/", f"/community/profiles/{Profile.objects.first().pk}/"):
        assert as_(None).get(path).status_code == 200
