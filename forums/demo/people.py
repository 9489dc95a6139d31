"""The demo's teams: crests, teammates, what each of them does, and a cohort of champions."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from django.utils import timezone
from PIL import Image, ImageDraw

from profiles.actions.accounts import create_member
from profiles.actions.avatars import set_avatar, set_crest
from profiles.actions.profiles import update_profile
from profiles.actions.teams import change_membership, join_team
from profiles.models import Cohort, Nomination, Profile, Team, TeamMembership


class Teammate(NamedTuple):
    """By key: who is on the team already; else, with a name, somebody new."""

    key: str
    name: str
    team: str
    title: str
    started: date
    place: str
    country: str
    pronouns: str
    pineapple: str
    bio: str = ""
    leads: bool = False


TEAMMATES = (
    Teammate("hana", "", "firmware", "Firmware lead", date(2021, 3, 1), "Sendai", "JP", "she/her", "no", leads=True),
    Teammate("kwame", "Kwame Boateng", "firmware", "Radio and power", date(2022, 9, 1), "Accra", "GH", "he/him", "yes",
             "Twelve dBm and a prayer."),
    Teammate("ines", "Inês Carvalho", "firmware", "Bootloader and updates", date(2024, 1, 15), "Porto", "PT", "she/her", "no",
             "I make sure that a station which was updated in a storm comes back from it."),
    Teammate("nell", "", "data-platform", "Data platform lead", date(2019, 5, 6), "Dundee", "GB", "she/her", "yes", leads=True),
    Teammate("eddie", "", "data-platform", "API and exports", date(2020, 11, 2), "Cork", "IE", "he/him", "yes"),
    Teammate("maja", "Maja Novak", "data-platform", "Dashboards", date(2023, 4, 3), "Ljubljana", "SI", "she/her", "private",
             "Charts that say one thing each."),
    Teammate("arjun", "Arjun Rao", "data-platform", "Ingest", date(2025, 2, 10), "Pune", "IN", "he/they", "yes",
             "Every reading, once. Even the late ones."),
)  # fmt: skip
# What the members say besides: country, pronouns, pineapple, a link, interests.
MEMBERS = {
    "mira": ("SE", "she/her", "yes", "https://apples.example/", "orchards, frost, radio"),
    "jonas": ("GB", "he/him", "no", "", ""),
    "ruben": ("ES", "he/him", "no", "https://ruben.example/", "batteries, winter"),
    "li": ("CN", "she/her", "private", "", "Python, hydrology"),
    "piet": ("ZA", "", "yes", "", ""),
}
COLOURS = {"firmware": ("#2e3f4f", "#e4572e"), "data-platform": ("#2f4a3c", "#f2c14e")}


def seed_teams(people: Mapping[str, Profile], password: str) -> None:
    """Give the teams their crests and everybody on them, and members some details."""
    boss = people["nell"]
    for one in TEAMMATES:
        team, profile = Team.objects.get(slug=one.team), people.get(one.key) or _somebody(one, password)
        details = {
            "location": one.place,
            "country": one.country,
            "pronouns": one.pronouns,
            "pineapple_on_pizza": one.pineapple,
        }
        update_profile(profile, profile, company="Larkspur", company_role=one.title, **details)
        membership = TeamMembership.objects.filter(team=team, profile=profile).first() or join_team(
            boss, team, profile
        )
        change_membership(boss, membership, title=one.title, started_on=one.started, is_lead=one.leads)
    for slug, (ground, figure) in COLOURS.items():
        set_crest(boss, Team.objects.get(slug=slug), io.BytesIO(_crest(slug, ground, figure)))
    for key, (country, pronouns, pineapple, website, interests) in MEMBERS.items():
        details = {
            "country": country,
            "pronouns": pronouns,
            "pineapple_on_pizza": pineapple,
            "interests": interests,
        }
        update_profile(
            people[key], people[key], links={"website": website}, shows_interests=bool(interests), **details
        )
    set_avatar(people["mira"], people["mira"], io.BytesIO(_apple()))
    _champion(people["ruben"], boss)


def _somebody(one: Teammate, password: str) -> Profile:
    first, _space, last = one.name.partition(" ")
    profile = create_member(
        f"{one.key}@example.com", first_name=first, last_name=last, password=password, verified=True
    )
    return update_profile(profile, profile, bio=one.bio)


def _champion(profile: Profile, boss: Profile) -> None:
    now = timezone.now()
    cohort = Cohort.objects.create(name="First winter")
    Nomination.objects.create(
        cohort=cohort, profile=profile, nominated_by=boss, invited_at=now, accepted_at=now
    )


def _crest(slug: str, ground: str, figure: str) -> bytes:
    """Draw a mast in the rain, or bars of a chart."""
    image = Image.new("RGB", (480, 480), ground)
    draw = ImageDraw.Draw(image)
    if slug == "firmware":
        draw.line((240, 120, 240, 400), fill=figure, width=22)
        draw.ellipse((200, 70, 280, 150), outline=figure, width=18)
        for left in (70, 130, 330, 390):
            draw.line((left + 20, 180, left, 260), fill="#9db4c0", width=12)
            draw.line((left + 10, 300, left - 10, 380), fill="#9db4c0", width=12)
    else:
        for place, height in enumerate((120, 200, 150, 290)):
            draw.rounded_rectangle(
                (70 + place * 90, 400 - height, 130 + place * 90, 400), radius=14, fill=figure
            )
    return _png(image)


def _apple() -> bytes:
    image = Image.new("RGB", (400, 400), "#dfe8d5")
    draw = ImageDraw.Draw(image)
    draw.ellipse((90, 120, 310, 340), fill="#b8322a")
    draw.line((200, 130, 220, 60), fill="#5d3a1a", width=14)
    draw.ellipse((215, 60, 290, 105), fill="#5b8c3a")
    return _png(image)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
