"""Broken and hostile rows are counted and named; the rest is written."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from forums.models import Post, Thread
from profiles.models import Profile

USERS = '<users><row Id="1" DisplayName="Ada" CreationDate="2020-01-01T00:00:00"/><row Id="2" CreationDate="broken"/></users>'
POSTS = """<posts>
<row Id="1" PostTypeId="1" Title="A &lt;b&gt;?" Body="&lt;p&gt;x&lt;script&gt;alert(1)&lt;/script&gt;&lt;/p&gt;" OwnerUserId="1" Score="-3"
     AcceptedAnswerId="99" Tags="&lt;c++&gt;&lt;a.b&gt;" CreationDate="2020-02-01T00:00:00"/>
<row Id="2" PostTypeId="2" ParentId="1" Body="&lt;p&gt;yes&lt;/p&gt;" OwnerUserId="77" CreationDate="2020-02-02T00:00:00"/>
<row Id="3" PostTypeId="2" ParentId="404" Body="lost" OwnerUserId="1" CreationDate="2020-02-02T00:00:00"/>
<row Id="4" PostTypeId="1" Title="No date" Body="x" OwnerUserId="1"/>
<row Id="5" PostTypeId="9" CreationDate="2020-02-02T00:00:00"/>
<row Id="6" PostTypeId="2" ParentId="1" Body="&lt;p&gt;gone&lt;/p&gt;" CreationDate="2020-02-03T00:00:00"/>
</posts>"""
COMMENTS = '<comments><row Id="1" PostId="2" Text="a `comment`" UserId="1" CreationDate="2020-02-02T10:00:00"/></comments>'


@pytest.fixture
def dump(tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    for name, text in (("Users.xml", USERS), ("Posts.xml", POSTS), ("Comments.xml", COMMENTS)):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_broken_rows_are_named_and_the_rest_is_written(db, dump, capsys):
    call_command("import_stackexchange", str(dump), "--topic", "old-questions")
    out = capsys.readouterr().out
    for reason in ("no date", "no thread", "no such answer", "neither question nor answer"):
        assert reason in out
    thread = Thread.objects.get()
    assert (thread.topic.slug, thread.vote_count, thread.tag_names, thread.solution) == (
        "old-questions",
        -3,
        ["a-b", "c"],
        None,
    )
    assert (thread.reply_count, thread.comment_count) == (3, 1)
    assert "<script" not in Post.objects.get(thread=thread, number=1).body_html
    call_command("recount", "--check")


def test_a_file_cut_short_is_an_error_that_says_so(db, dump):
    (dump / "Posts.xml").write_text(POSTS[:300], encoding="utf-8")
    with pytest.raises(CommandError, match="cut short"):
        call_command("import_stackexchange", str(dump))


def _topic(number, posts, **fields):
    return {
        "id": number,
        "title": f"Topic {number}",
        "category_id": 3,
        "post_stream": {"posts": posts},
        **fields,
    }


def _post(number, **fields):
    user = {"user_id": number % 2 + 1, "username": f"u{number % 2 + 1}"}
    return {
        "id": number,
        "post_number": number,
        "post_type": 1,
        "cooked": f"<p>Words {number}</p>",
        "created_at": "2021-01-01T00:00:00Z",
        **user,
        **fields,
    }


def test_a_discourse_folder_is_imported_whole_and_once(db, tmp_path, capsys):
    topics = [
        _topic(
            1,
            [
                _post(1, actions_summary=[{"id": 2, "count": 4}]),
                _post(2, accepted_answer=True),
                _post(3, post_type=3),
            ],
            closed=True,
        ),
        _topic(2, [_post(11, post_type=2)]),
        _topic(
            3,
            [
                _post(21, cooked="<img src=x onerror=alert(1)>"),
                _post(22, cooked=" "),
                _post(23, created_at="never"),
            ],
            archived=True,
        ),
    ]
    for topic in topics:
        (tmp_path / f"{topic['id']}.json").write_text(json.dumps(topic))
    (tmp_path / "4.json").write_text("{")
    call_command("import_discourse", str(tmp_path))
    out = capsys.readouterr().out
    for reason in ("small action", "no regular post", "empty", "a field is missing or broken", "not JSON"):
        assert reason in out
    first = Thread.objects.get(subject="Topic 1")
    assert (first.vote_count, first.is_solved, bool(first.locked_at), first.reply_count) == (4, True, True, 1)
    assert Thread.objects.get(subject="Topic 3").archived_at is not None
    assert all("onerror" not in post.body_html for post in Post.objects.all())
    assert not Profile.objects.filter(user__isnull=False).exists()
    call_command("import_discourse", str(tmp_path))
    assert "written  posts                0" in capsys.readouterr().out or Post.objects.count() == 3
    call_command("recount", "--check")
