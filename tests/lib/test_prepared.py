"""A queryset compiled once reads what the queryset reads."""

from __future__ import annotations

import pytest
from django.db.models import Exists, OuterRef, Q
from django.test.utils import CaptureQueriesContext

from community.lib.prepared import Prepared
from forums.actions.posts import post_reply
from forums.actions.votes import vote
from forums.models import Post, Thread, Vote

pytestmark = pytest.mark.django_db


def test_objects_come_with_their_relations_and_annotations(thread, reply, alice, bob):
    vote(alice, reply)
    voted = Exists(Vote.objects.filter(post=OuterRef("pk"), profile_id=alice.pk))

    def build(thread, viewer):
        mine = Exists(Vote.objects.filter(post=OuterRef("pk"), profile_id=viewer))
        posts = Post.objects.filter(thread_id=thread).select_related("author__team", "thread__topic")
        return posts.annotate(voted=mine).order_by("number")

    prepared = Prepared(build)
    for _turn in range(2):
        found = prepared(thread=thread.pk, viewer=alice.pk)
        assert found == list(Post.objects.filter(thread=thread).annotate(voted=voted).order_by("number"))
        assert [post.voted for post in found] == [False, True]
        assert [post.author for post in found] == [alice, bob]
        assert found[0].thread.topic.name == thread.topic.name
    assert prepared(thread=thread.pk + 1000, viewer=alice.pk) == []


def test_relations_are_there_without_another_query(thread, reply, django_assert_num_queries):
    prepared = Prepared(lambda pk: Post.objects.filter(pk=pk).select_related("author__team", "thread"))
    with django_assert_num_queries(1):
        post = prepared.first(pk=reply.pk)
        assert (post.author.name, post.author.team, post.thread.subject) == (
            "Bob Example",
            None,
            thread.subject,
        )


def test_rows_are_tuples_in_the_order_asked(thread, reply):
    prepared = Prepared(
        lambda slug: Thread.objects.filter(slug=slug).values_list(
            "tag_names", "subject", "created_at", "topic__slug"
        )
    )
    wanted = [(thread.tag_names, thread.subject, thread.created_at, thread.topic.slug)]
    assert prepared(slug=thread.slug) == prepared(slug=thread.slug) == wanted


def test_sequences_of_any_length_find_exactly_theirs(thread, bob):
    ids = [post_reply(bob, thread, body=f"Number {number}").pk for number in range(6)]
    prepared = Prepared(
        lambda ids: Post.objects.filter(pk__in=ids).order_by("pk").values_list("pk", flat=False)
    )
    for length in range(1, 7):
        assert prepared(ids=ids[:length]) == [(pk,) for pk in ids[:length]]
    with pytest.raises(ValueError, match="not 0"):
        prepared(ids=[])


def test_words_moments_and_arrays_are_bound_and_never_read_as_sql(thread):
    hostile = "x'; DROP TABLE forums_post; --%s"
    prepared = Prepared(
        lambda tag, since: Thread.objects.filter(
            tag_names__contains=[tag], created_at__gte=since
        ).values_list("pk")
    )
    assert prepared(tag=thread.tag_names[0], since=thread.created_at) == [(thread.pk,)]
    assert prepared(tag=hostile, since=thread.created_at) == []


def test_none_has_a_query_of_its_own(thread):
    prepared = Prepared(lambda solution: Thread.objects.filter(solution=solution).values_list("pk"))
    assert prepared(solution=None) == [(thread.pk,)]
    assert prepared(solution=5) == []


def test_the_sql_is_made_once(thread):
    made = []

    def build(pk):
        made.append(pk)
        return Thread.objects.filter(Q(pk=pk) | Q(solution_id=pk))

    prepared = Prepared(build)
    for pk in (thread.pk, 2, 3):
        prepared(pk=pk)
    assert len(made) == 1


def test_a_value_that_sql_would_not_get_as_it_is_is_refused(thread):
    with pytest.raises(RuntimeError, match="unchanged"):
        Prepared(lambda word: Thread.objects.filter(subject__icontains=word))(word="csv")
    with pytest.raises(TypeError, match="cannot be bound"):
        Prepared(lambda when: Thread.objects.filter(created_at__date=when))(when=thread.created_at.date())


def test_its_query_is_seen_by_those_who_count(thread):
    from django.db import connection

    prepared = Prepared(lambda pk: Thread.objects.filter(pk=pk))
    with CaptureQueriesContext(connection) as captured:
        prepared(pk=thread.pk)
    assert len(captured) == 1
