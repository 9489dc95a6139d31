"""Reports, the ladder and appeals by API: the same rules as on the pages, and no name of who reported."""

from __future__ import annotations

import json

import pytest

from moderation.actions.appeals import appeal
from moderation.actions.reports import file_report
from moderation.models import Appeal, Report, Reporter, Sanction
from moderation.report_targets import find_target
from profiles.actions.keys import create_api_key

V1 = "/api/v1"


@pytest.fixture
def report(alice, reply):
    return file_report(alice, find_target("post", reply.pk, alice), reason="kind", note="Not kind.").report


def test_a_member_reports_once_however_often_they_send(as_, charlie, thread):
    body = {"thread": thread.pk, "reason": "spam", "note": "Buy, buy."}
    first = as_(charlie).post(f"{V1}/reports/", body, headers={"Idempotency-Key": "one"})
    again = as_(charlie).post(f"{V1}/reports/", body, headers={"Idempotency-Key": "one"})
    assert (first.status_code, again.json()) == (201, first.json())
    assert Reporter.objects.get().profile == charlie


@pytest.mark.parametrize(
    "body",
    [
        {}, {"reason": "kind"}, {"post": 10**9, "reason": "kind"}, {"profile": 2**70, "reason": "kind"},
        {"post": 1, "thread": 1, "reason": "kind"}, {"post": "x", "reason": "kind"}, {"thread": 1, "reason": "boredom"},
    ],
)  # fmt: skip
def test_a_report_that_makes_no_sense_is_refused(as_, charlie, thread, body):
    assert as_(charlie).post(f"{V1}/reports/", body, format="json").status_code == 400
    assert not Report.objects.exists()


def test_a_moderator_reads_claims_and_decides(as_, mo, tess, alice, bob, report, reply):
    (row,) = as_(mo).get(f"{V1}/moderation/reports/").json()["results"]
    assert (row["about"], row["notes"], row["author"]["id"]) == (f"post:{reply.pk}", ["Not kind."], bob.pk)
    assert alice.name not in json.dumps(row)
    assert (
        as_(mo).patch(f"{V1}/moderation/reports/{report.pk}/", {"claimed": True}).json()["claimed_by"]["id"]
        == mo.pk
    )
    assert as_(tess).patch(f"{V1}/moderation/reports/{report.pk}/", {"claimed": True}).status_code == 409
    done = (
        as_(mo)
        .patch(f"{V1}/moderation/reports/{report.pk}/", {"outcome": "hidden", "reason": "It hurts."})
        .json()
    )
    assert (done["outcome"], done["decision"]) == ("hidden", "It hurts.")
    assert (
        as_(mo)
        .patch(f"{V1}/moderation/reports/{report.pk}/", {"outcome": "kept", "reason": "No."})
        .status_code
        == 409
    )
    assert as_(mo).get(f"{V1}/moderation/reports/?state=decided").json()["results"][0]["id"] == report.pk
    reply.refresh_from_db()
    assert reply.hidden_by == mo


def test_a_step_is_given_lifted_and_appealed(as_, mo, tess, bob, alice, report):
    body = {
        "profile": bob.pk, "kind": "warning", "reason": "kind", "explanation": "You went after her.", "days": 10, "apart": [alice.pk],
        "evidence": ["https://x.example/1"], "report": report.pk, "skip_reason": "It was a threat.",
    }  # fmt: skip
    made = as_(mo).post(f"{V1}/moderation/sanctions/", body, format="json")
    assert made.status_code == 201
    assert (made.json()["report"], made.json()["in_force"], made.json()["profile"]["id"]) == (
        report.pk,
        True,
        bob.pk,
    )
    given = Sanction.objects.get()
    written = appeal(given, text="It was a joke.")
    assert as_(mo).get(f"{V1}/moderation/appeals/").json()["results"] == []
    assert as_(mo).get(f"{V1}/moderation/appeals/{written.pk}/").status_code == 404
    (row,) = as_(tess).get(f"{V1}/moderation/appeals/").json()["results"]
    assert (row["text"], row["sanction"]["id"]) == ("It was a joke.", given.pk)
    answer = {"outcome": "stands", "answer": "It was not funny."}
    assert as_(tess).patch(f"{V1}/moderation/appeals/{written.pk}/", answer).json()["outcome"] == "stands"
    assert Appeal.objects.get().decided_by == tess
    lifted = as_(mo).patch(f"{V1}/moderation/sanctions/{given.pk}/", {"lifted": True, "reason": "Enough."})
    assert (lifted.status_code, lifted.json()["in_force"]) == (200, False)
    assert (
        as_(mo).patch(f"{V1}/moderation/sanctions/{given.pk}/", {"lifted": False, "reason": "x"}).status_code
        == 400
    )


def test_the_reported_post_is_hidden_only_when_asked(as_, mo, bob, report, reply):
    asked = {
        "profile": bob.pk,
        "kind": "correction",
        "reason": "kind",
        "explanation": "You went after her.",
        "report": report.pk,
    }
    made = as_(mo).post(f"{V1}/moderation/sanctions/", {**asked, "hide": True}, format="json")
    reply.refresh_from_db()
    assert (made.status_code, made.json()["hides_reported"], reply.hidden_by) == (201, True, mo)
    del asked["report"]
    skipped = as_(mo).post(f"{V1}/moderation/sanctions/", {**asked, "kind": "permanent_ban"}, format="json")
    assert (skipped.status_code, "skip_reason" in skipped.content.decode()) == (400, True)


def test_nobody_acts_on_those_above_or_on_themselves(as_, mo, root, alice):
    step = {"kind": "correction", "reason": "kind", "explanation": "No."}
    for target in (mo, root):
        assert as_(mo).post(f"{V1}/moderation/sanctions/", {"profile": target.pk, **step}).status_code == 403
    file_report(alice, find_target("profile", mo.pk, alice), reason="kind")
    assert as_(mo).get(f"{V1}/moderation/reports/").json()["results"] == []


def test_a_key_needs_the_scope(client, mo, report):
    _row, key = create_api_key(mo.user, label="reader", scopes=["read", "write"])
    header = {"Authorization": f"Bearer {key}"}
    assert client.get(f"{V1}/moderation/reports/", headers=header).status_code == 403


def test_ten_more_rows_take_no_more_queries(as_, mo, alice, person, thread, django_assert_max_num_queries):
    browser = as_(mo)

    def counted():
        with django_assert_max_num_queries(40) as seen:
            browser.get(f"{V1}/moderation/reports/?limit=100")
            browser.get(f"{V1}/moderation/sanctions/?limit=100")
        return len(seen)

    def more(names):
        from moderation.actions.sanctions import NewSanction, sanction

        for name in names:
            someone = person(name)
            file_report(alice, find_target("profile", someone.pk, alice), reason="kind")
            sanction(mo, someone, NewSanction(kind="correction", rule="kind", explanation="No."))

    more(["one", "two"])
    counted()
    before = counted()
    more([f"more{number}" for number in range(10)])
    assert counted() == before
