"""Teams and the people on them, in public: pages, job listings, and what their leads change."""

from __future__ import annotations

import datetime

import pytest

from community.audit.models import LogEntry
from profiles.actions.profiles import update_profile
from profiles.actions.teams import join_team
from profiles.models import Team, TeamMembership
from profiles.pineapple import verdict_of
from tests.profiles.test_avatar import picture


@pytest.fixture
def team(db):
    return Team.objects.create(name="Firmware", slug="firmware", tagline="The part in the rain.")


@pytest.fixture
def lead(team, person):
    lead = person("lena")
    join_team(None, team, lead, title="Engineer", is_lead=True, started_on=datetime.date(2024, 5, 1))
    return type(lead).objects.get(pk=lead.pk)


@pytest.fixture
def mate(team, lead, person):
    mate = person("milo")
    join_team(None, team, mate, title="Designer")
    update_profile(mate, mate, location="Lisbon", country="PT")
    return type(mate).objects.get(pk=mate.pk)


def page(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_team_page_shows_its_people_leads_first(team, mate, lead, as_):
    shown = page(as_(None), "/teams/firmware/")
    assert "The part in the rain." in shown and "Lisbon, Portugal" in shown and "May 2024" in shown
    assert shown.index("Lena Example") < shown.index("Milo Example")
    assert shown.count('class="badge badge--team">Lead') == 1


def test_the_people_page_holds_everyone_on_a_team_and_nobody_else(mate, lead, tess, alice, mo, as_):
    shown = page(as_(None), "/community/people/")
    for name in ("Lena Example", "Milo Example", "Tess Example", "Designer"):
        assert name in shown
    assert "Alice Example" not in shown and "Mo Example" not in shown
    only = page(as_(None), "/community/people/?team=firmware")
    assert "Lena Example" in only and "Tess Example" not in only


def test_all_teams_are_listed_with_their_faces(mate, lead, tess, as_):
    shown = page(as_(None), "/teams/")
    assert "Firmware" in shown and "Pipelines" in shown and "2 people" in shown and "1 person" in shown


@pytest.mark.parametrize(
    "path", ["/community/people/", "/teams/", "/teams/firmware/", "/teams/firmware/jobs/"]
)
def test_ten_more_people_take_no_more_queries(path, team, mate, person, as_, django_assert_num_queries):
    def ten(start):
        for number in range(start, start + 10):
            join_team(None, team, person(f"p{number}"), title="Engineer")
            join_team(None, Team.objects.create(name=f"T{number}", slug=f"t{number}"), mate)

    browser = as_(None)
    ten(0)
    page(browser, path)
    count = {"/teams/": 3, "/community/people/": 4}.get(path, 2)
    with django_assert_num_queries(count):
        page(browser, path)
    ten(10)
    with django_assert_num_queries(count):
        page(browser, path)


@pytest.mark.parametrize(
    ("answers", "verdict", "counts"),
    [
        ([], "open", (0, 0)),
        (["yes"], "open", (0, 0)),
        (["yes", "private", "private"], "open", (0, 0)),
        (["yes", "no"], "tied", (1, 1)),
        (["yes", "yes", "no", "private"], "yes", (2, 1)),
        (["no", "no"], "no", (0, 2)),
    ],
)
def test_the_pineapple_verdict_follows_its_rule(answers, verdict, counts):
    found = verdict_of(answers)
    assert (found.verdict, (found.yes, found.no)) == (verdict, counts)


def test_a_job_listing_is_a_page_json_and_a_fragment_for_our_own_sites(team, mate, lead, as_, settings):
    update_profile(mate, mate, pineapple_on_pizza="no")
    update_profile(lead, lead, pineapple_on_pizza="no")
    shown = page(as_(None), "/teams/firmware/jobs/")
    assert (
        "Pineapple does not belong on pizza." in shown
        and "The majority decides" in shown
        and "Milo Example" in shown
    )

    data = as_(None).get("/api/v1/teams/firmware/").json()
    assert [member["name"] for member in data["members"]] == ["Lena Example", "Milo Example"]
    assert data["members"][0]["started_on"] == "2024-05-01" and data["members"][1]["country"] == "PT"
    assert {key: data["pineapple"][key] for key in ("verdict", "yes", "no")} == {
        "verdict": "no",
        "yes": 0,
        "no": 2,
    }
    assert as_(None).get("/api/v1/teams/").json()["results"] == [data]
    assert as_(None).get("/api/v1/teams/none/").status_code == 404

    settings.EMBED_ORIGINS = ["https://jobs.example.com"]
    answer = as_(None).get("/embed/teams/firmware/", headers={"Origin": "https://jobs.example.com"})
    piece = answer.content.decode()
    assert answer["Access-Control-Allow-Origin"] == "https://jobs.example.com" and "Origin" in answer["Vary"]
    assert "0 yes, 2 no." in piece and f"http://localhost:8000{mate.get_absolute_url()}" in piece.replace(
        "testserver", "localhost"
    )
    assert "<script" not in piece and "<html" not in piece and not answer.cookies
    other = as_(None).get("/embed/teams/firmware/", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in other


def test_a_lead_changes_words_crest_and_what_people_do_and_nothing_else(team, lead, mate, as_):
    browser, path = as_(lead), "/teams/firmware/edit/"
    assert "Edit team" in page(browser, "/teams/firmware/")
    row = TeamMembership.objects.get(profile=mate)
    assert browser.post(path, {"do": "words", "tagline": "Rain or shine."}).status_code == 302
    assert browser.post(path, {"do": "crest", "file": picture()}).status_code == 302
    fields = {
        "do": row.pk,
        f"m{row.pk}-title": "Lead designer",
        f"m{row.pk}-started_on": "2025-02-03",
        f"m{row.pk}-is_lead": "on",
    }
    assert browser.post(path, fields).status_code == 302
    team.refresh_from_db()
    row.refresh_from_db()
    assert team.tagline == "Rain or shine." and team.crest.endswith(".webp")
    assert (row.title, row.started_on, row.is_lead) == ("Lead designer", datetime.date(2025, 2, 3), False)
    assert team.crest_url in page(as_(None), "/teams/firmware/")
    done = LogEntry.objects.filter(target=f"team:{team.pk}", actor_id=lead.pk).values_list(
        "action", flat=True
    )
    assert sorted(done) == ["team.changed", "team.crest_changed", "team.membership_changed"]


def test_what_cannot_be_saved_is_said_beside_its_field(team, lead, as_):
    answer = as_(lead).post("/teams/firmware/edit/", {"do": "words", "tagline": "x" * 200})
    assert answer.status_code == 400 and answer.context["words"].errors["tagline"]
    answer = as_(lead).post("/teams/firmware/edit/", {"do": "crest"})
    assert answer.status_code == 400 and answer.context["crest"].errors["file"]


def test_teammates_and_strangers_do_not_edit(team, lead, mate, tess, alice, as_):
    for other in (mate, tess, alice):
        assert as_(other).post("/teams/firmware/edit/", {"do": "words", "tagline": "Mine"}).status_code == 403
        assert "Edit team" not in page(as_(other), "/teams/firmware/")
