"""A person in public."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone

from community.lib.registry import Registry
from forums.actions.threads import ask
from forums.models import Post
from profiles import registries
from profiles.actions.profiles import update_profile
from profiles.actions.teams import join_team
from profiles.models import Profile, TeamMembership


def test_it_shows_what_the_person_says_and_never_the_address(alice, as_):
    update_profile(
        alice, alice, bio="I ask *questions*.", location="Oxford", country="GB", company="Looking Glass", pronouns="she/her",
        pineapple_on_pizza="yes", links={"website": "https://alice.example/"},
    )  # fmt: skip
    page = as_(None).get(alice.get_absolute_url()).content.decode()
    for said in (
        "Alice Example",
        "@alice-example",
        "<em>questions</em>",
        "Oxford",
        "United Kingdom",
        "Looking Glass",
        "she/her",
        "Pineapple",
    ):
        assert said in page, said
    assert 'href="https://alice.example/" rel="nofollow ugc' in page
    assert "alice@example.com" not in page


def test_somebody_who_has_said_nothing_is_not_indexed(alice, as_):
    answer = as_(None).get(alice.get_absolute_url())
    assert (
        answer["X-Robots-Tag"] == "noindex"
        and '<meta name="robots" content="noindex">' in answer.content.decode()
    )
    update_profile(alice, alice, bio="Hello.")
    answer = as_(None).get(alice.get_absolute_url())
    assert "X-Robots-Tag" not in answer and "noindex" not in answer.content.decode()


def test_names_turn_with_their_script(person, as_):
    layla = person("layla", first_name="ليلى", last_name="حداد")
    assert '<h1 dir="auto">ليلى حداد</h1>' in as_(None).get(layla.get_absolute_url()).content.decode()


def test_a_name_that_looks_like_markup_is_text(person, as_):
    bobby = person("bobby", first_name="<b>Bobby</b>", last_name="<script>alert(1)</script>")
    page = as_(None).get(bobby.get_absolute_url()).content.decode()
    assert "<b>Bobby" not in page and "<script>alert" not in page and "&lt;b&gt;Bobby" in page


def test_teams_and_roles_show(tess, as_):
    TeamMembership.objects.filter(profile=tess).update(title="Data engineer")
    page = as_(None).get(tess.get_absolute_url()).content.decode()
    assert "Pipelines" in page and "Data engineer" in page and "Moderator" in page


def test_an_unclaimed_profile_says_so(db, as_):
    old = Profile.objects.create(name="Old Author", handle="old-author", import_key="se:1")
    assert "Nobody has claimed this profile yet" in as_(None).get(old.get_absolute_url()).content.decode()


def test_a_closed_account_has_no_page(alice, as_):
    Profile.objects.filter(pk=alice.pk).update(deactivated_at=timezone.now())
    assert as_(None).get(alice.get_absolute_url()).status_code == 404
    assert as_(None).get("/community/profiles/999999/").status_code == 404


def test_only_its_owner_is_offered_to_edit_it(alice, bob, as_):
    assert "Edit profile" in as_(alice).get(alice.get_absolute_url()).content.decode()
    for other in (bob, None):
        assert "Edit profile" not in as_(other).get(alice.get_absolute_url()).content.decode()


def test_tabs_come_from_the_registry_and_show_to_whom_they_are_open(alice, bob, as_, monkeypatch):
    def context(request: HttpRequest, profile: Profile) -> dict[str, object]:
        return {"keys": [], "said": profile.name}

    monkeypatch.setattr(registries, "TABS", Registry("tabs of a profile"))
    one = registries.ProfilePart("one", "parts/footer.html", context, label="First things")
    registries.add_tab(one, place=1)
    two = registries.ProfilePart(
        "two", "parts/footer.html", context, lambda viewer, profile: viewer == profile, "Private things"
    )
    registries.add_tab(two, place=2)
    mine = as_(alice).get(alice.get_absolute_url(), {"tab": "two"})
    assert mine.context["tab"].key == "two" and mine.context["said"] == "Alice Example"
    theirs = as_(bob).get(alice.get_absolute_url(), {"tab": "two"})
    assert theirs.context["tab"].key == "one" and "Private things" not in theirs.content.decode()


def test_the_page_takes_few_queries_with_one_post_and_with_ten_thousand(
    tess, alice, topic, as_, django_assert_max_num_queries
):
    mate = join_team(None, tess.team, alice).profile
    mine = ask(mate, topic=topic, subject="One question", body="One post.")
    browser = as_(mate)

    def look():
        for tab in ("discussions", "achievements", "points"):
            page = f"{mate.get_absolute_url()}?tab={tab}"
            browser.get(page)
            with django_assert_max_num_queries(12):
                assert browser.get(page).status_code == 200

    look()
    sample = mine.posts.get()
    numbers = range(2, 10_002)
    Post.objects.bulk_create(
        Post(author=mate, thread=mine, number=number, body=sample.body, body_html=sample.body_html)
        for number in numbers
    )
    look()


def test_a_member_of_a_team_is_first_among_their_teammates_and_leads_are_marked(tess, alice, bob, as_):
    join_team(None, tess.team, alice, title="Engineer", is_lead=True)
    join_team(None, tess.team, bob)
    page = as_(None).get(bob.get_absolute_url()).content.decode()
    block = page[page.index('id="profile-team-') :]
    assert block.index("Bob Example") < block.index("Alice Example") < block.index("Tess Example")
    assert block.count(">Lead<") == 1 and "/teams/pipelines/" in block


def test_the_address_of_a_profile_never_changes(alice, as_):
    before = alice.get_absolute_url()
    update_profile(alice, alice, name="Somebody Else", handle="somebody-else")
    assert (
        before == f"/community/profiles/{alice.pk}/"
        and "Somebody Else" in as_(None).get(before).content.decode()
    )
