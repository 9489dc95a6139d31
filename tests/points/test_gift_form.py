"""Points are given from the header of a profile: the form, the question whether, the gift; and by the API."""

from __future__ import annotations

import json
import re

import pytest

from points.actions.gifts import Wish, give_points
from points.models import Gift, GiftCategory, Kind, Transaction
from points.policy import offer_gift_categories
from points.queries.ledger import balance_of

FORM = {
    "points": "50",
    "category": "good-report",
    "reason": "It showed us the bug.",
    "key": "drawn-with-the-page",
}


@pytest.fixture(autouse=True)
def _categories(db):
    offer_gift_categories()


@pytest.fixture
def gifts(alice):
    return f"/community/profiles/{alice.pk}/gifts/"


def test_award_form_is_shown_to_moderators_on_other_profiles(alice, bob, cleo, mo, as_):
    for viewer in (None, bob, cleo):
        assert "Award points" not in as_(viewer).get(alice.get_absolute_url()).content.decode()
    page = as_(mo).get(alice.get_absolute_url()).content.decode()
    assert "Award points" in page and "500 of 500 points left today" in page
    assert "Award points" not in as_(mo).get(mo.get_absolute_url()).content.decode()


def test_award_form_asks_to_confirm_then_awards(alice, mo, as_, gifts):
    browser = as_(mo)
    asked = browser.post(gifts, FORM)
    page = asked.content.decode()
    assert (
        asked.status_code == 200
        and "Award 50 points to Alice Example?" in page
        and "You’ll have 450 points left" in page
    )
    assert not Gift.objects.exists()
    hidden = dict(
        re.findall(r'type="hidden" name="(confirm|key|other|category|reason)" value="([^"]*)"', page)
    )
    assert browser.post(gifts, hidden).url == alice.get_absolute_url()
    assert browser.post(gifts, hidden).status_code == 302
    assert balance_of(alice.pk) == 50
    assert "50 points awarded to Alice Example." in browser.get(alice.get_absolute_url()).content.decode()


def test_confirmation_shows_a_recent_award(alice, mo, tess, as_, gifts):
    give_points(tess, alice, wish=Wish(10, GiftCategory.objects.get(slug="beyond"), "For the fence."))
    page = as_(mo).post(gifts, FORM).content.decode()
    assert "Tess Example recently awarded them 10 points" in page and "For the fence." in page


def test_other_amount_overrides_the_usual_ones(alice, mo, as_, gifts):
    as_(mo).post(gifts, {**FORM, "other": "7", "confirm": "yes"})
    assert balance_of(alice.pk) == 7


@pytest.mark.parametrize(("change", "said"), [
    ({"points": "", "other": ""}, "Choose an amount."), ({"other": "0"}, "greater than or equal to 1"),
    ({"other": "501"}, "Award at most 500 points."), ({"other": "9" * 40}, "Award at most 500 points."),
    ({"category": ""}, "Choose a category."), ({"category": "gone"}, "valid choice"),
    ({"reason": " "}, "Give a reason"), ({"reason": "x" * 400}, "at most 300"), ({"points": "ten"}, "valid choice"),
])  # fmt: skip
def test_refused_award_says_why_and_keeps_the_input(alice, mo, as_, gifts, change, said):
    for confirm in ({}, {"confirm": "yes"}):
        answer = as_(mo).post(gifts, {**FORM, **change, **confirm})
        assert answer.status_code == 400 and said in answer.content.decode()
    assert not Gift.objects.exists()


def test_award_is_refused_for_members(alice, bob, cleo, mo, sam, as_, gifts):
    assert as_(None).post(gifts, FORM).url.startswith("/accounts/login/")
    for viewer in (bob, cleo):
        assert as_(viewer).post(gifts, {**FORM, "confirm": "yes"}).status_code == 403
    assert as_(mo).post(f"/community/profiles/{mo.pk}/gifts/", {**FORM, "confirm": "yes"}).status_code == 403
    assert as_(mo).post("/community/profiles/999999/gifts/", FORM).status_code == 404
    banned = as_(mo).post(f"/community/profiles/{sam.pk}/gifts/", {**FORM, "confirm": "yes"})
    assert banned.status_code == 400 and "closed or restricted" in banned.content.decode()
    assert not Transaction.objects.exists()


def test_htmx_swaps_the_form_for_its_confirmation(mo, as_, gifts):
    answer = as_(mo).post(gifts, FORM, headers={"HX-Request": "true"})
    assert answer.content.decode().lstrip().startswith('<form class="stack gap-4" id="gift"')


def test_history_shows_who_awarded_points_and_why(alice, mo, as_):
    give_points(mo, alice, wish=Wish(10, GiftCategory.objects.get(slug="beyond"), "For the fence."))
    page = as_(alice).get(f"{alice.get_absolute_url()}?tab=points").content.decode()
    assert "Awarded by Mo Example" in page and "Above and beyond" in page and "For the fence." in page


def test_api_awards_points_and_returns_the_transaction(alice, mo, as_):
    def send(body, **headers):
        path = f"/api/v1/profiles/{alice.pk}/gifts/"
        return as_(mo).post(path, json.dumps(body), content_type="application/json", headers=headers)

    body = {"points": 10, "reason": "Thanks for the fence."}
    first = send(body, **{"Idempotency-Key": "one"})
    paid = Transaction.objects.get(kind=Kind.GIFT)
    assert first.status_code == 201
    assert first.json() | {"created_at": ""} == {
        "id": paid.pk, "kind": "gift", "amount": 10, "reason": "Thanks for the fence.", "category": None, "created_at": "",
        "url": f"http://localhost:8000/community/profiles/{alice.pk}/", "profile": alice.pk, "left_today": 490,
        "thanked_lately": None,
    }  # fmt: skip
    assert send(body, **{"Idempotency-Key": "one"}).json() == first.json()
    assert send({**body, "points": 11}, **{"Idempotency-Key": "one"}).status_code == 409
    again = send({**body, "category": "good-report"}).json()
    assert again["category"] == "good-report"
    assert (again["thanked_lately"]["giver"], again["thanked_lately"]["points"]) == ("Mo Example", 10)
    assert send({**body, "category": "gone"}).status_code == 400
    assert send({**body, "points": 500}).json()["code"] == "limit_reached"
    for wrong in (
        {"points": 0},
        {"points": "many"},
        {"points": None},
        {"reason": ""},
        {"reason": None},
        {"reason": "x" * 301},
    ):
        assert send({**body, **wrong}).status_code == 400, wrong
    assert balance_of(alice.pk) == 20


@pytest.mark.parametrize("typed", ["٣", "1_0", "１０", "²", "ten"])
def test_points_are_read_in_plain_digits_only(alice, mo, as_, gifts, typed):
    wish = {"points": typed, "reason": "Thanks.", "category": "good-report"}
    answer = as_(mo).post(
        f"/api/v1/profiles/{alice.pk}/gifts/", json.dumps(wish), content_type="application/json"
    )
    assert answer.status_code == 400 and list(answer.json()) == ["points"]
    page = as_(mo).post(gifts, {**FORM, "points": "", "other": typed, "confirm": "yes"})
    assert page.status_code == 400
    assert not Gift.objects.exists()
