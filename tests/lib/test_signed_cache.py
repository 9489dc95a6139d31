"""Whoever can write to Valkey can neither run code in a web process nor change what guests read."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from community import pagecache
from community.lib import valkey


class Bomb:
    """Makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (str(self.folder),)


@pytest.fixture
def bomb(tmp_path):
    return tmp_path / "ran", pickle.dumps(Bomb(tmp_path / "ran"))


@pytest.mark.django_db(transaction=True)
def test_a_foreign_page_in_valkey_is_not_read(thread, as_, settings, bomb):
    settings.PAGE_CACHE_SECONDS = 60
    path = f"/questions/{thread.slug}/"
    with time_machine.travel(timezone.now(), tick=False):  # pages say how long ago something was
        _read_foreign_pages(path, as_, bomb)


def _read_foreign_pages(path, as_, bomb):
    own = as_(None).get(path).content
    server = valkey.client()
    [key] = server.scan_iter("page:*")
    ran, raw = bomb
    for foreign in (raw, server.get(key)[:-1] + b"!", b"", b"{}\n"):
        server.set(key, foreign)
        pagecache._local.clear()
        assert as_(None).get(path).content == own
    assert not ran.exists()


@pytest.mark.django_db(transaction=True)
def test_a_kept_page_cannot_be_moved_to_another_address(thread, as_, settings):
    settings.PAGE_CACHE_SECONDS = 60
    server, pages = valkey.client(), {}
    for path in (f"/questions/{thread.slug}/", "/questions/"):
        as_(None).get(path)
        [pages[path]] = set(server.scan_iter("page:*")) - set(pages.values())
    one, other = pages
    server.set(pages[other], server.get(pages[one]))
    pagecache._local.clear()
    assert "QAPage" not in as_(None).get(other).content.decode()


def test_a_foreign_value_in_the_cache_is_a_miss(bomb):
    cache.set("note", {"kept": True})
    assert cache.get("note") == {"kept": True}
    ran, raw = bomb
    valkey.client().set(cache.make_key("note"), raw)
    assert cache.get("note", "missed") == "missed"
    assert not valkey.is_resting()
    assert not ran.exists()


def test_numbers_in_the_cache_still_count():
    cache.set("count", 1)
    assert cache.incr("count") == 2
    assert cache.get("count") == 2
