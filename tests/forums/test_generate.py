"""A generated community is what was asked for, and true to its counters."""

import pytest
from django.core.management import CommandError, call_command

from forums.models import Post, Thread


def test_a_generated_community_has_what_was_asked_for_and_true_counters(db, as_):
    call_command("generate_community", threads=40, posts=300, members=12, seed=3)
    assert (Thread.objects.count(), Post.objects.count()) == (40, 300)
    call_command("recount", "--check")
    busiest = Thread.objects.order_by("-reply_count").first()
    assert as_(None).get(f"/questions/{busiest.slug}/").status_code == 200
    assert as_(None).get("/questions/?last").status_code == 200


def test_fewer_posts_than_threads_is_refused(db):
    with pytest.raises(CommandError, match="as many posts as threads"):
        call_command("generate_community", threads=5, posts=4, members=1)
