"""Profiles, and one's own."""

PROFILE = {
    "id",
    "name",
    "url",
    "avatar",
    "bio_html",
    "links",
    "location",
    "country",
    "pronouns",
    "company",
    "company_role",
    "pineapple_on_pizza",
    "interests",
    "products",
    "teams",
    "level",
    "bot",
    "reputation",
    "achievements",
    "handle",
}


def test_a_profile_says_who_somebody_is(guest, tess):
    found = guest.get(f"/api/v1/profiles/{tess.pk}/").json()
    assert set(found) == PROFILE
    assert found["name"] == tess.name and found["handle"] == tess.handle
    assert guest.get("/api/v1/profiles/999999/").status_code == 404


def test_people_are_found_by_name_or_handle(guest, alice, bob):
    def ids(query):
        return [row["id"] for row in guest.get(f"/api/v1/profiles/?{query}").json()["results"]]

    assert {alice.pk, bob.pk} <= set(ids(""))
    assert ids(f"handle={bob.handle.upper()}") == [bob.pk]
    assert alice.pk in ids(f"q={alice.name.split()[0].lower()}") and bob.pk not in ids(
        f"q={alice.name.split()[0].lower()}"
    )
    assert ids("q=%25") == []


def test_me_is_ones_own_profile_with_the_address(as_, guest, alice, mo):
    found = as_(alice).get("/api/v1/me/").json()
    assert set(found) == PROFILE | {"email", "role", "points", "bio", "shows_interests", "tone"}
    assert (found["email"], found["role"], found["points"]) == (alice.user.email, "member", 0)
    assert as_(mo).get("/api/v1/me/").json()["role"] == "moderator"
    assert guest.get("/api/v1/me/").status_code == 401


def test_people_say_who_they_are(as_, guest, alice):
    answer = as_(alice).patch(
        "/api/v1/me/",
        {
            "bio": "I **ask**.",
            "country": "nl",
            "pineapple_on_pizza": "yes",
            "links": {"website": "https://alice.example"},
            "role": "admin",
        },
    )
    assert answer.status_code == 200
    found = guest.get(f"/api/v1/profiles/{alice.pk}/").json()
    assert "<strong>ask</strong>" in found["bio_html"]
    assert (found["country"], found["pineapple_on_pizza"], found["links"]) == (
        "NL",
        "yes",
        {"website": "https://alice.example"},
    )
    assert as_(alice).get("/api/v1/me/").json()["role"] == "member"


def test_what_a_profile_cannot_say_is_said_by_field(as_, guest, alice, bob):
    client = as_(alice)
    for change in (
        {"handle": bob.handle},
        {"country": "Netherlands"},
        {"links": {"website": "javascript:x"}},
        {"name": "x" * 200},
        {"links": []},
    ):
        answer = client.patch("/api/v1/me/", change)
        assert answer.status_code == 400
        assert list(answer.json()) == list(change)
    assert guest.patch("/api/v1/me/", {"name": "Nobody"}).status_code == 401
