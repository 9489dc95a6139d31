"""“Was this page useful?”: one voice a person."""

from __future__ import annotations

import pytest

from community.pages.models import Page, PageOpinion


@pytest.fixture
def page(db):
    return Page.objects.get(slug="code-of-conduct")


def test_a_person_has_one_voice_and_may_change_their_mind(as_, alice, bob, page):
    for who, said in ((alice, "yes"), (bob, "yes"), (alice, "no")):
        assert as_(who).post(f"/pages/{page.slug}/useful/", {"useful": said}).status_code == 302
    assert PageOpinion.objects.filter(useful=True).count() == 1
    assert PageOpinion.objects.filter(useful=False).count() == 1


def test_guests_of_one_network_have_one_voice_and_leave_no_address(client, page):
    for said in ("yes", "no", "yes"):
        client.post(f"/pages/{page.slug}/useful/", {"useful": said}, REMOTE_ADDR="192.0.2.7")
    client.post(f"/pages/{page.slug}/useful/", {"useful": "yes"}, REMOTE_ADDR="192.0.2.8")
    assert PageOpinion.objects.count() == 2
    assert not [one for one in PageOpinion.objects.all() if "192.0.2" in one.voice]


def test_the_page_asks_and_moderators_see_the_answers(as_, client, mo, page):
    assert "Was this page useful?" in client.get(page.get_absolute_url()).content.decode()
    client.post(f"/pages/{page.slug}/useful/", {"useful": "yes"})
    assert '<td class="field-useful">1</td>' in as_(mo).get("/admin/pages/page/").content.decode()
    assert client.post("/pages/nothing-here/useful/").status_code == 404
