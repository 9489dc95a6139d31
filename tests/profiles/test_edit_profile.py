"""People say who they are; what cannot be shown is refused with a sentence."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from community.audit.models import LogEntry
from profiles.actions.profiles import update_profile
from profiles.models import Profile


def refusals(profile: Profile, **fields: object) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        update_profile(profile, profile, **fields)
    return refused.value.message_dict


def test_everything_a_person_says_is_kept(alice):
    update_profile(
        alice,
        alice,
        name="  Alice   Liddell ",
        handle="@Alice",
        bio="I ask *questions*.",
        links={"website": "https://alice.example/", "github": "https://github.com/alice"},
        location="Oxford",
        country="gb",
        pronouns="she/her",
        company="Looking Glass",
        company_role="Reader",
        pineapple_on_pizza="no",
    )
    alice.refresh_from_db()
    assert (alice.name, alice.handle, alice.country, alice.pineapple_on_pizza) == (
        "Alice Liddell",
        "alice",
        "GB",
        "no",
    )
    assert "<em>questions</em>" in alice.bio_html
    assert alice.links == {"website": "https://alice.example/", "github": "https://github.com/alice"}


def test_a_bio_is_sanitised(alice):
    update_profile(
        alice, alice, bio="<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>"
    )
    alice.refresh_from_db()
    assert (
        "<script" not in alice.bio_html
        and "<img" not in alice.bio_html
        and 'href="javascript' not in alice.bio_html
    )


def test_what_is_refused_names_its_field(alice):
    assert refusals(alice, name="")["name"] and refusals(alice, name="a" * 161)["name"]
    assert refusals(alice, bio="b" * 3001)["bio"]
    assert refusals(alice, country="NLD")["country"]
    assert refusals(alice, pineapple_on_pizza="maybe")["pineapple_on_pizza"]
    assert set(refusals(alice, name="\x00", location=["Oxford"], company=7)) == {
        "name",
        "location",
        "company",
    }
    assert (
        refusals(alice, links=[])["links"] and refusals(alice, links={"blog": "https://a.example"})["links"]
    )
    alice.refresh_from_db()
    assert alice.name == "Alice Example", "nothing is half saved"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "data:text/html,x", "ftp://files.example/", "//alice.example", "alice", "https://",
        "https://alice", "https://user:secret@alice.example/", "https://alice.example/a b", "https://alice.example/\n",
        "https://[::1", 'https://alice.example/"onmouseover=', "https://a.example/" + "x" * 300, "https://a.example:99999/", 7,
        None,
    ],
)  # fmt: skip
def test_a_link_is_a_whole_web_address(alice, address):
    if address == "https://alice.example/\n":
        assert update_profile(alice, alice, links={"website": address}).links["website"] == address.strip()
    else:
        assert refusals(alice, links={"website": address})["links"]


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("github", "nia-gh", "https://github.com/nia-gh"), ("github", "@nia", "https://github.com/nia"),
        ("github", "github.com/nia", "https://github.com/nia"), ("x", "@nia_x", "https://x.com/nia_x"),
        ("linkedin", "in/nia", "https://www.linkedin.com/in/nia"), ("website", "nia.example/me", "https://nia.example/me"),
        ("mastodon", "@nia@fosstodon.org", "https://fosstodon.org/@nia"), ("website", "https://müller.example/", "https://müller.example/"),
        ("website", "https://пример.рф/", "https://пример.рф/"), ("website", "https://例え.jp/", "https://例え.jp/"),
    ],
)  # fmt: skip
def test_a_name_or_a_bare_host_becomes_the_address_it_stands_for(alice, kind, typed, stored):
    assert update_profile(alice, alice, links={kind: typed}).links[kind] == stored


@pytest.mark.parametrize(
    "address",
    [
        "https://exаmple.com/", "https://gооgle.com/", "https://аррӏе.com/", "https://example.com\u202egnp.exe", "https://exa\u200bmple.com/",
        "https://ex\xadample.com/", "http://a.com／X.b.com/", "https://bank。example.com/", "https://ɡoogle.com/",
        "https://docs.example.com:443@evil.example/login", "https://docs.example.com\\@evil.example/", "https://example.com/\u2066x",
    ],
)  # fmt: skip
def test_a_link_that_looks_like_another_is_refused(alice, address):
    assert refusals(alice, links={"website": address})["links"]


def test_an_imported_link_shows_the_host_it_leads_to(alice):
    links = {
        "website": "https://evil.example#@docs.example.com/",
        "github": "https://gооgle.com/",
        "x": "https://[::1",
    }
    Profile.objects.filter(pk=alice.pk).update(links=links)
    alice.refresh_from_db()
    assert [host for _label, _url, host in alice.shown_links] == ["evil.example", "xn--ggle-55da.com"]


def test_links_not_named_stay_and_an_empty_one_goes(alice):
    update_profile(alice, alice, links={"website": "https://a.example/", "x": "https://x.com/a"})
    update_profile(alice, alice, links={"x": ""})
    alice.refresh_from_db()
    assert alice.links == {"website": "https://a.example/"}


def test_a_handle_is_free_well_formed_and_not_the_sites(alice, bob):
    assert "This handle is taken" in refusals(alice, handle=bob.handle.upper())["handle"][0]
    for handle in ("a", "-a", "a-", "a b", "12345", "admin", "Everyone", "é", "a" * 41, ""):
        assert refusals(alice, handle=handle)["handle"], handle
    assert update_profile(alice, alice, handle="wonder_land-7").handle == "wonder_land-7"


def test_only_oneself_and_moderators(alice, bob, cleo, mo):
    for actor in (None, bob, cleo):
        with pytest.raises(PermissionDenied, match="your own profile"):
            update_profile(actor, alice, name="Mallory")
    update_profile(mo, alice, bio="")
    update_profile(mo, alice, name="Alice (renamed)")
    [entry] = LogEntry.objects.filter(action="profile.edited", target=f"profile:{alice.pk}")
    assert (entry.actor_id, entry.after) == (mo.pk, {"fields": ["name"]})


def test_the_page_saves_and_says_so(alice, as_):
    browser = as_(alice)
    form = {
        "name": "Alice",
        "handle": "alice-in-oxford",
        "pineapple_on_pizza": "yes",
        "link_github": "https://github.com/alice",
    }
    page = browser.post("/settings/profile/", form, follow=True).content.decode()
    assert "Profile saved." in page and "alice-in-oxford" in page and "https://github.com/alice" in page


def test_the_page_puts_each_refusal_beside_its_field_and_keeps_what_was_typed(alice, bob, as_):
    form = {
        "name": "Alice",
        "handle": bob.handle,
        "pineapple_on_pizza": "yes",
        "link_website": "my page",
        "bio": "Kept.",
    }
    answer = as_(alice).post("/settings/profile/", form)
    assert answer.status_code == 400 and "Kept." in answer.content.decode()
    assert "such as https://" in answer.context["form"].errors["link_website"][0]
    answer = as_(alice).post("/settings/profile/", {**form, "link_website": ""})
    assert "This handle is taken" in answer.context["form"].errors["handle"][0]


def test_guests_are_sent_to_the_door_and_back(guest):
    for part in ("profile", "security", "sessions", "api-keys"):
        answer = guest.get(f"/settings/{part}/")
        assert (answer.status_code, answer.url) == (302, f"/accounts/login/?next=%2Fsettings%2F{part}%2F")
