"""How rendered Markdown looks."""

from __future__ import annotations

import pytest

from forums.actions.posts import post_reply

pytestmark = pytest.mark.browser


def test_a_list_keeps_its_bullets_beside_tasks(visitor, thread, bob):
    post = post_reply(bob, thread, body="- [x] done\n- two\n\nand\n\n- [ ] open\n- [x] closed")
    guest = visitor()
    guest.go(thread.get_absolute_url())
    items = guest.page.locator(f"#post-{post.pk} .tasks li")
    styles = items.evaluate_all("all => all.map((one) => getComputedStyle(one).listStyleType)")
    assert styles == ["none", "disc", "none", "none"]
    insets = guest.page.locator(f"#post-{post.pk} .tasks").evaluate_all(
        "all => all.map((one) => parseFloat(getComputedStyle(one).paddingInlineStart) > 0)"
    )
    assert insets == [True, False]
