"""Names and handles that could be mistaken for the site or its team. Members keep the ones they have."""

from __future__ import annotations

import re
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from community.lib.lookalikes import mixed_word, skeleton
from profiles.models import Profile
from profiles.permissions import MODERATORS

# No name may contain these words. The others are refused where a name consists of nothing else.
ROLES = frozenset(
    {"admin", "admins", "administrator", "administrators", "moderator", "moderators", "sysadmin", "webmaster"}
)
HOUSE = frozenset({"helpdesk", "official", "root", "staff", "support", "system", "team"})
FILLERS = frozenset({"and", "at", "from", "of", "our", "the"})
LEET = str.maketrans("345789@$", "eastbgas")
DIGITS = str.maketrans("", "", "0123456789")


def is_exempt(profile: Profile) -> bool:
    """Say whether a person may be called what they like: moderators, admins and members of a team."""
    return profile.role in MODERATORS or profile.team_id is not None


def refuse_name(name: str, *, but: Profile | None = None) -> None:
    """Raise ValidationError for a name that imitates the site or a team member (`but`: the member who takes the name)."""
    if word := mixed_word(name):
        raise ValidationError(
            _("“%(word)s” mixes letters that look alike. Type it in one alphabet.") % {"word": word}
        )
    if _is_house(name):
        raise ValidationError(
            _("“%(name)s” could be mistaken for the team behind this site. Choose another name.")
            % {"name": name}
        )
    words, foreign = skeleton(name), not name.isascii()
    for full_name, _handle in _team(but):
        theirs = skeleton(full_name)
        if "".join(words) == "".join(theirs) or (foreign and words == theirs[:1] and not _is_latin(name)):
            raise ValidationError(
                _("A team member is called %(name)s. Add a name or an initial to tell you apart.")
                % {"name": full_name}
            )


def refuse_handle(handle: str, *, but: Profile | None = None) -> None:
    """Raise ValidationError for a handle that imitates the site or its team."""
    if _is_house(handle) or "".join(skeleton(handle)) in kept_handles(but):
        raise ValidationError(_("This handle is reserved for the team. Choose another."), code="reserved")


def kept_handles(but: Profile | None = None) -> frozenset[str]:
    """Return the skeletons of the handles, names and first names of the team."""
    kept: set[str] = set()
    for name, handle in _team(but):
        words = skeleton(name)
        kept |= {"".join(skeleton(handle)), "".join(words), *words[:1]}
    return frozenset(kept)


def _team(but: Profile | None) -> list[tuple[str, str]]:
    team = Profile.objects.filter(
        Q(role__in=MODERATORS) | Q(team__isnull=False), deactivated_at=None, user__is_active=True
    )
    return list(team.exclude(pk=but.pk if but else None).values_list("name", "handle"))


def _is_house(text: str) -> bool:
    """Return whether a name or handle claims to be the site, also with digits for letters or at the end."""
    return any(
        _speaks_for_house(skeleton(variant))
        for variant in (text, text.translate(LEET), text.translate(DIGITS))
    )


def _speaks_for_house(words: list[str]) -> bool:
    roles, alone, joined = _house_words(settings.SITE_NAME)
    return (
        not roles.isdisjoint(words)
        or joined.fullmatch("".join(words)) is not None
        or (not alone.isdisjoint(words) and all(word in alone or word in FILLERS for word in words))
    )


@cache
def _house_words(site_name: str) -> tuple[frozenset[str], frozenset[str], re.Pattern[str]]:
    """Return the skeletons of words no name holds, of words no name consists of, and a pattern of these without spaces."""
    roles = frozenset(word for role in ROLES for word in skeleton(role))
    site = skeleton(site_name)
    alone = roles | {word for house in HOUSE for word in skeleton(house)} | {*site, "".join(site)} - {""}
    return roles, alone, re.compile(f"(?:{'|'.join(map(re.escape, sorted(alone)))})+")


def _is_latin(text: str) -> bool:
    return all(char.isascii() or ord(char) < 0x250 for char in text)
