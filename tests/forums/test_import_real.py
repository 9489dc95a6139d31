"""Imports of real dumps, read where they are; skipped, saying so, where they are not."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from forums.models import Post, Revision, Thread, ThreadReference

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def _dump(name):
    path = DATA / name
    if not path.exists():
        pytest.skip(f"the dump {name} is not beside this checkout")
    return path


def test_a_stack_exchange_dump_is_imported_whole_and_once(db, capsys, as_):
    folder = _dump("se-ai-2016")
    call_command("import_stackexchange", str(folder))
    answers = Post.objects.filter(number__gt=1, is_comment=False)
    assert (
        Thread.objects.count(),
        answers.count(),
        Thread.objects.filter(solution__isnull=False).count(),
    ) == (421, 749, 212)
    assert ThreadReference.objects.exclude(kind="mention").count() > 80
    assert Revision.objects.count() > 500
    assert Post.objects.filter(vote_count__lt=0).exists()
    call_command("recount", "--check")
    before = (
        Post.objects.count(),
        Revision.objects.count(),
        list(Thread.objects.order_by("pk").values_list("slug", "last_number")),
    )
    capsys.readouterr()
    call_command("import_stackexchange", str(folder))
    assert "written  threads              0" in capsys.readouterr().out
    assert before == (
        Post.objects.count(),
        Revision.objects.count(),
        list(Thread.objects.order_by("pk").values_list("slug", "last_number")),
    )
    longest = Thread.objects.order_by("-reply_count").first()
    assert as_(None).get(f"/questions/{longest.slug}/").status_code == 200
