"""Going on to where a form says: to pages of ours, and never an error."""

from __future__ import annotations

import pytest

NOWHERE = (
    "foo", "home", "java\r\nscript\r\n:alert(0)", "javascript:alert(0)", "//elsewhere.example/", "/\\elsewhere.example/",
    "https://elsewhere.example/", "http://testserver//elsewhere.example/", "http://testserver.elsewhere.example/", "http://[",
    "\x00", "/\t/elsewhere.example/", "account_login", "ftp://testserver/x/", " ",
)  # fmt: skip


@pytest.mark.parametrize("given", NOWHERE)
def test_bad_next_and_referer_lead_to_the_default(as_, alice, thread, given):
    header = given.replace("\r", "").replace("\n", "")
    answer = as_(None).post("/theme/", {"theme": "dark"}, headers={"Referer": header})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    browser = as_(alice)
    for path in ("/questions/read/", f"/questions/thread/{thread.pk}/subscription/"):
        answer = browser.post(path, {"next": given}, headers={"Referer": header})
        assert answer.status_code == 302
        assert answer["Location"] in ("/questions/", thread.get_absolute_url())


def test_next_and_referer_of_ours_are_followed(as_, alice):
    browser = as_(alice)
    answer = browser.post(
        "/questions/read/", {"next": "/questions/?tag=csv"}, headers={"Referer": "http://testserver/x/"}
    )
    assert answer["Location"] == "/questions/?tag=csv"
    answer = browser.post("/questions/read/", headers={"Referer": "http://testserver/search/?q=kettle"})
    assert answer["Location"] == "/search/?q=kettle"
