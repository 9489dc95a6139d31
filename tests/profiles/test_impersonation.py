"""Nobody passes for the team by name or handle; people keep what they have."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from profiles.actions.accounts import give_profile
from profiles.actions.profiles import update_profile
from profiles.models import Profile, User
from tests.conftest import PASSWORD

IMITATIONS = (
    "Admin", "ADMIN", "Adm1n", "4dmin", "Hearth Moderator", "The Hearth Team", "HearthSupport", "Jane (Admin)", "Аdmin", "ᴀᴅᴍɪɴ",
    "𝐌𝐨𝐝𝐞𝐫𝐚𝐭𝐨𝐫", "M o d e r a t o r", "moderator-2", "Official Hearth", "Root", "System", "Staff", "Mo Example", "ΜΟ Example",
    "ᎻᎪΝᎪ", "Mо Exаmple", "MO  EXAMPLE", "Mó Example",
)  # fmt: skip
HONEST = (
    "Łukasz Żółć", "佐藤 花子", "Анна Петрова", "Ελένη", "Badminton Fan", "Theo Oftheim", "Rootsy Admiral", "Hearthstone Player", "Mo",
    "Mo Examples", "José", "Ilse Stafford", "J. Support", "Mo Example 2nd",
)  # fmt: skip
HANDLES = (
    "admin",
    "moderator",
    "hearth",
    "hearth-team",
    "root",
    "system",
    "api",
    "me",
    "staff",
    "support",
    "mo",
    "mo-examp1e",
    "adm1n",
)


@pytest.mark.parametrize("name", IMITATIONS)
def test_a_member_cannot_take_a_name_of_the_team(name, bob, mo):
    with pytest.raises(ValidationError) as refused:
        update_profile(bob, bob, name=name)
    assert list(refused.value.message_dict) == ["name"]


@pytest.mark.parametrize("name", HONEST)
def test_names_that_imitate_nobody_are_taken(name, bob, mo):
    assert update_profile(bob, bob, name=name).name == name


@pytest.mark.parametrize("handle", HANDLES)
def test_a_member_cannot_take_a_handle_of_the_team(handle, bob, mo):
    with pytest.raises(ValidationError, match="Choose another"):
        update_profile(bob, bob, handle=handle)


def test_a_foreign_alphabet_cannot_spell_a_moderator(bob, mo):
    Profile.objects.filter(pk=mo.pk).update(name="Hana Kobayashi")
    for name in ("ᎻᎪΝᎪ", "ᎻᎪnᎪ", "Hana Kobayashi", "Hаna Kobayashi"):
        with pytest.raises(ValidationError):
            update_profile(bob, bob, name=name)
    assert update_profile(bob, bob, name="Hana").name == "Hana"


def test_the_refusal_says_why_and_the_way_out(bob, mo):
    for name, words in (
        ("Mo Example", "to tell you apart"),
        ("Admin", "Choose another name"),
        ("Аdmin", "in one alphabet"),
    ):
        with pytest.raises(ValidationError, match=words):
            update_profile(bob, bob, name=name)


def test_people_keep_the_names_they_have(bob, mo):
    Profile.objects.filter(pk=bob.pk).update(name="Admin", handle="support")
    bob.refresh_from_db()
    assert update_profile(bob, bob, name="Admin", handle="support", location="Oslo").location == "Oslo"


def test_the_team_is_called_what_it_likes(bob, mo, tess, root):
    assert update_profile(mo, mo, name="Mo, Moderator", handle="hearth-mo").handle == "hearth-mo"
    assert update_profile(tess, tess, name="Mo Example").name == "Mo Example"
    assert update_profile(root, bob, name="Admin").name == "Admin"


def test_sign_up_refuses_a_name_of_the_team(mo, client):
    form = {"first_name": "Mo", "last_name": "Exаmple", "email": "new@example.com", "password1": PASSWORD}
    answer = client.post("/accounts/signup/", form)
    assert answer.context["form"].errors["first_name"]
    assert not User.objects.filter(email="new@example.com").exists()


def test_a_namesake_who_signs_up_is_not_given_the_bare_handle(mo):
    Profile.objects.filter(pk=mo.pk).update(handle="mo-example")
    namesake = User.objects.create_user("namesake@example.com", PASSWORD, first_name="Mo")
    assert give_profile(namesake).handle == "mo-2"
