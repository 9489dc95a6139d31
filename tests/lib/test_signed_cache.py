"""Whoever can write to Valkey can neither run code in a web process nor change what guests read."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
from django.core.cache import cache

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
    own = as_(None).get(path).content
    server = valkey.client()
    [key] = server.scan_iter("page:*")
    ran, raw = bomb
    for foreign in (raw, server.get(key)[:-1] + b"!", b"", b"{}\n"):
        server.set(key, foreign)
        pagecache._local.clear()
        assert as_(None).get(path).content == own
    assert not ran.exists()


def test_a_kept_page_cannot_be_moved_to_another_address(settings):
    settings.PAGE_CACHE_SECONDS = 60
    pagecache._keep("page:one", b"one", b"squeezed", {})
    server = valkey.client()
    server.set("page:two", server.get("page:one"))
    assert pagecache._find("page:two") is None


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
