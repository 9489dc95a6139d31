"""Headers that keep personal pages out of caches and switch off what no page uses."""

from __future__ import annotations

import pytest

PERSONAL = ("/", "/community/", "/questions/", "/questions/drafts/", "/settings/data/")


@pytest.mark.parametrize("path", PERSONAL)
def test_a_page_for_somebody_signed_in_is_not_stored(path, bob, as_):
    for page in (path, f"{bob.get_absolute_url()}?tab=points"):
        answer = as_(bob).get(page, follow=True)
        assert answer.status_code == 200
        assert {"private", "no-store"} <= set(answer["Cache-Control"].replace(" ", "").split(","))


def test_a_page_for_guests_may_be_stored(db, thread, client):
    for path in ("/questions/", thread.get_absolute_url()):
        assert "no-store" not in client.get(path).get("Cache-Control", "")


def test_an_answer_keeps_the_caching_rule_of_its_own(bob, as_):
    assert as_(bob).get("/api/v1/me/")["Cache-Control"] == "private, no-cache"


def test_every_page_switches_off_what_none_uses(db, client, bob, as_):
    for browser in (client, client, as_(bob)):  # the second comes from the page cache
        policy = browser.get("/questions/")["Permissions-Policy"]
        assert "camera=()" in policy
        assert "publickey-credentials" not in policy  # passkeys
