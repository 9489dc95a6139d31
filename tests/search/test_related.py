"""A thread's page names threads like it: worked out in the background, gone at once when one of them is."""

import pytest

from community import pagecache
from forums.actions.relating import pages_relating, relate
from forums.actions.threads import ask, delete_thread
from forums.models import RelatedThreads
from forums.tasks import relate_thread
from moderation.actions.threads import archive_thread, hide_thread, unarchive_thread


@pytest.fixture
def twin(alice, topic):
    return ask(alice, topic=topic, subject="Kettle does not boil again", body="I pressed the button.")


def page(browser, thread):
    return browser.get(thread.get_absolute_url()).content.decode()


def test_a_page_names_threads_like_it(as_, kettle, twin, lamp):
    assert twin.slug not in page(as_(None), kettle)
    relate_thread(kettle.pk)
    relate_thread(kettle.pk)
    text = page(as_(None), kettle)
    assert f'href="{twin.get_absolute_url()}"' in text
    assert RelatedThreads.objects.get(pk=kettle.pk).ids[0] == twin.pk


def test_a_view_of_a_page_without_them_asks_for_them(
    as_, kettle, twin, settings, django_capture_on_commit_callbacks
):
    from community.celery import app

    app.conf.task_always_eager = True
    try:
        with django_capture_on_commit_callbacks(execute=True):
            page(as_(None), kettle)
    finally:
        app.conf.task_always_eager = False
    assert twin.slug in page(as_(None), kettle)


@pytest.mark.parametrize("act", [archive_thread, hide_thread, delete_thread])
def test_one_that_is_gone_is_named_no_more_not_even_on_kept_pages(act, as_, kettle, twin, mo, monkeypatch):
    relate(kettle.pk)
    bumped = []
    monkeypatch.setattr(pagecache, "bump", lambda *parts: bumped.extend(parts))
    act(mo, twin)
    assert pagecache.thread_part(kettle.slug) in bumped
    assert twin.slug not in page(as_(None), kettle)
    if act is archive_thread:
        unarchive_thread(mo, twin)
        assert twin.slug in page(as_(None), kettle)


def test_the_pages_that_name_a_thread_are_known(kettle, twin):
    relate(kettle.pk)
    assert pages_relating(twin.pk) == [kettle.slug]
    assert pages_relating(kettle.pk) == []


def test_a_deleted_thread_relates_to_nothing(db):
    assert relate(12345) == []
