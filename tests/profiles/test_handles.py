"""Every profile has a handle of its own, whoever arrives at the same moment."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from profiles.actions.handles import make_profile
from profiles.models import Profile


def test_namesakes_are_numbered(db):
    assert [make_profile("Ada Byron").handle for _one in range(3)] == [
        "ada-byron",
        "ada-byron-2",
        "ada-byron-3",
    ]


def test_a_hundred_namesakes_all_get_one(db):
    handles = {make_profile("Li").handle for _one in range(100)}
    assert len(handles) == 100 and all(handle.startswith("li") for handle in handles)


def test_handles_kept_for_the_site_are_not_given(db):
    for name in ("Admin", "everyone", "Member", "42", "-", "!", "佐藤"):
        assert make_profile(name).handle.startswith("member-")


def test_a_handle_differs_in_more_than_capitals(db):
    Profile.objects.create(name="Ada", handle="ADA")
    assert make_profile("Ada").handle == "ada-2"


@pytest.mark.django_db(transaction=True)
def test_people_of_one_name_at_one_moment_all_get_one():
    start, made, failed = threading.Barrier(8), [], []

    def arrive() -> None:
        start.wait()
        try:
            made.append(make_profile("Grace Hopper").handle)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=arrive) for _one in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert len(set(made)) == 8
