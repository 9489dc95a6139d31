"""`recount` proves what is stored twice, and mends it."""

import pytest
from django.core.management import CommandError, call_command

from forums.actions.solutions import mark_solution
from forums.actions.votes import vote
from forums.models import Post, Tag, Thread, Topic
from profiles.models import Profile


def test_what_the_actions_write_is_true(alice, bob, reply, thread):
    mark_solution(alice, reply)
    vote(alice, reply)
    vote(bob, thread.posts.get(number=1))
    call_command("recount", "--check")


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (Thread, "reply_count"),
        (Thread, "hot_score"),
        (Post, "vote_count"),
        (Topic, "thread_count"),
        (Tag, "thread_count"),
        (Profile, "reply_count"),
    ],
)
def test_a_wrong_number_is_named_and_mended(model, field, reply, capsys):
    model.objects.update(**{field: 77})
    with pytest.raises(CommandError, match="not true"):
        call_command("recount", "--check")
    assert field in capsys.readouterr().out
    call_command("recount")
    call_command("recount", "--check")
