"""The words search reads are those that are written: after every action, and in bulk."""

import pytest
from django.core.management import CommandError, call_command

from forums.actions.posts import delete_post, edit_post, post_reply, undelete_post
from forums.actions.solutions import clear_solution, mark_solution
from forums.actions.tags import rename_tag
from forums.actions.threads import edit_thread
from forums.models import PostIndex, Tag, ThreadIndex
from moderation.actions.posts import hide_post, show_post
from moderation.actions.threads import move_thread


def check():
    call_command("rebuild_search", "--check")


def words(thread):
    return ThreadIndex.objects.get(pk=thread.pk).vector


def test_asking_and_replying_are_found_at_once(thread, reply):
    check()
    assert "'filter':" in words(thread)
    assert "'export':" in words(thread)


def test_what_is_hidden_or_deleted_is_no_longer_read(thread, reply, mo, bob):
    hide_post(mo, reply)
    assert "'filter'" not in words(thread)
    check()
    show_post(mo, reply)
    assert "'filter'" in words(thread)
    delete_post(bob, reply)
    assert "'filter'" not in words(thread)
    check()
    undelete_post(bob, reply)
    check()


def test_edits_solutions_tags_and_moves_are_followed(thread, reply, alice, bob, mo, board):
    edit_post(bob, reply, body="Try another kettle.")
    assert "'kettl'" in words(thread)
    assert "'filter'" not in words(thread)
    mark_solution(alice, reply)
    assert "B" in words(thread).split("'kettl':")[1].split(" ")[0]
    check()
    clear_solution(alice, thread)
    check()
    mark_solution(alice, reply)
    edit_thread(alice, thread, subject="Where do the lines go?", tags=["spouts"])
    check()
    rename_tag(mo, Tag.objects.get(name="spouts"), "lids")
    assert "'lid'" in words(thread)
    move_thread(mo, thread, topic=board)
    check()


def test_a_long_thread_stops_growing_but_its_solution_counts(thread, alice, bob, settings):
    for number in range(12):
        text = " ".join(f"w{number}n{place}" for place in range(400))
        last = post_reply(bob, thread, body=text)
    assert "'w11n1'" not in words(thread)
    check()
    mark_solution(alice, last)
    assert "'w11n1'" in words(thread)
    check()


def test_what_is_missing_or_stale_is_named_and_mended(thread, reply, capsys):
    PostIndex.objects.filter(pk=reply.pk).delete()
    ThreadIndex.objects.update(subject="something else")
    with pytest.raises(CommandError, match="2 rows"):
        check()
    assert f"post {reply.pk}" in capsys.readouterr().out
    call_command("rebuild_search")
    check()
    ThreadIndex.objects.all().delete()
    call_command("rebuild_search")
    check()
