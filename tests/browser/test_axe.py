"""What an asker is asked, with the question that asks it."""

from __future__ import annotations

import pytest

from forums.actions.posts import post_reply
from forums.models import Resolution
from tests.browser.looks import SIZES, problems

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", SIZES)
def test_what_an_asker_is_asked_is_accessible(visitor, as_, alice, bob, thread, size):
    Resolution.objects.create(thread=thread, post=post_reply(bob, thread, body="Check the filter."))
    asker = visitor()
    asker.enter(as_(alice))
    paths = [thread.get_absolute_url(), f"/questions/thread/{thread.pk}/solved/"]
    assert problems(asker, paths, **size) == []
    asker.go(paths[0])
    assert asker.page.locator("#did-it-solve").is_visible()
