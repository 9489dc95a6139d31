"""While somebody asks, threads that may answer it stand beside the form; “This solved it” closes the draft."""

import pytest

from forums.actions.drafts import save_draft
from forums.models import Deflection, Draft
from forums.queries.similar import similar


def beside(browser, subject, **more):
    answer = browser.post("/questions/similar/", {"subject": subject, **more})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_solution_stands_inline(as_, kettle, lamp):
    text = beside(
        as_(None), "My kettle stays cold when I boil", body="The button does nothing.", tags="heating"
    )
    assert "Refill the reservoir with Entkalker first." in text
    assert "Bob Example" in text
    assert text.index("does not boil") < text.index("driftwood")


def test_without_scripts_a_button_shows_them_and_keeps_what_is_typed(as_, kettle, bob):
    asked = {
        "look": "1",
        "subject": "Kettle is cold",
        "body": "It is **cold**.",
        "tags": "heating",
        "topic": "exports",
    }
    for who in (None, bob):
        browser = as_(who)
        answer = browser.post("/questions/ask/", asked)
        text = answer.content.decode()
        assert answer.status_code == 200
        assert "Similar questions" in text
        assert "It is **cold**." in text
        assert 'value="Kettle is cold"' in text


def test_this_solved_it_counts_closes_the_draft_and_leads_there(as_, kettle, bob, mo):
    save_draft(bob, "ask", subject="Kettle is cold", body="Words.")
    path = f"/questions/similar/{kettle.pk}/solved/"
    answer = as_(bob).post(path)
    assert answer["Location"] == f"{kettle.get_absolute_url()}#solution"
    assert not Draft.objects.filter(profile=bob).exists()
    as_(bob).post(path)
    assert Deflection.objects.filter(profile=bob).count() == 1
    as_(None).post(path)
    assert Deflection.objects.count() == 2
    report = as_(mo).get("/moderation/search/").content.decode()
    assert "2 people found the answer" in report
    assert kettle.subject in report


def test_only_what_has_a_solution_can_have_solved_it(as_, kettle, lamp, bob, topic):
    from forums.actions.threads import ask

    unsolved = ask(bob, topic=topic, subject="Kettle does not boil at altitude", body="The button.")
    text = beside(as_(None), "Kettle does not boil, lamp made of driftwood")
    offered = {pk for pk in (kettle.pk, lamp.pk, unsolved.pk) if f"/questions/similar/{pk}/solved/" in text}
    assert lamp.subject in text and unsolved.subject in text
    assert offered == {kettle.pk}
    for thread in (lamp, unsolved):
        assert as_(bob).post(f"/questions/similar/{thread.pk}/solved/").status_code == 404
    found = (
        as_(None)
        .get("/api/v1/threads/similar/", {"q": "Kettle does not boil, lamp made of driftwood"})
        .json()
    )
    assert {one["id"]: one["solved"] for one in found} == {
        kettle.pk: True,
        lamp.pk: False,
        unsolved.pk: False,
    }


def test_what_is_not_listed_solves_nothing(as_, kettle, mo):
    from moderation.actions.threads import hide_thread

    hide_thread(mo, kettle)
    assert as_(mo).post(f"/questions/similar/{kettle.pk}/solved/").status_code == 404
    assert as_(None).post("/questions/similar/999999/solved/").status_code == 404


@pytest.mark.parametrize(
    "subject", ["", "the of and", "x" * 200, "\x00\x01", "\"'); --", "日本語", "🎉🎉🎉", "a:* & !b", "\\' \\"]
)
def test_nothing_that_is_typed_breaks_it(as_, kettle, subject):
    beside(as_(None), subject, body=subject * 500, tags=subject)
    similar(subject, subject)


def test_ten_more_threads_no_more_queries(as_, kettle, alice, topic, django_assert_max_num_queries):
    from forums.actions.threads import ask

    browser = as_(None)
    for number in range(12):
        ask(alice, topic=topic, subject=f"Kettle does not boil {number}", body="The button.")
    with django_assert_max_num_queries(6):
        beside(browser, "Kettle does not boil")
