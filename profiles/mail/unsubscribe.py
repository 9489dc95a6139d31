"""Links that turn one bell off: they need no sign-in, never expire, and are worth nothing for anything else.

A scope is what a link turns off: its name and an id ("thread:12", "kind:mention"). Apps on the right add
their names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from profiles.mail.preferences import set_preference
from profiles.models import Profile
from profiles.notifications import find_kind

SALT = "unsubscribe"


@dataclass(frozen=True)
class Scope:
    """How to say what a link turns off (None: there is no such thing any more), and how to turn it off.

    May run twice.
    """

    describe: Callable[[str], str | None]
    stop: Callable[[Profile, str], None]


_scopes: dict[str, Scope] = {}


def add_scope(name: str, scope: Scope) -> None:
    """Add what links may turn off."""
    _scopes[name] = scope


def make_token(profile_id: int, scope: str) -> str:
    """Return the token that turns `scope` off for one person, for ever."""
    return Signer(salt=SALT).sign(f"{profile_id}.{scope}").replace(":", "~")


def read_token(token: str) -> tuple[int, str] | None:
    """Return the profile's id and the scope, or None when we never made this token."""
    try:
        profile_id, _dot, scope = Signer(salt=SALT).unsign(token.replace("~", ":")).partition(".")
    except BadSignature:
        return None
    return int(profile_id), scope


def unsubscribe_url(profile_id: int, scope: str) -> str:
    """Return the whole address of the link."""
    return f"{settings.SITE_URL}/unsubscribe/{make_token(profile_id, scope)}/"


def describe(scope: str) -> str:
    """Return a sentence on what the scope is."""
    name, _colon, what = scope.partition(":")
    known = _scopes.get(name)
    return (known.describe(what) if known else None) or _("E-mails that we no longer send")


def stop(profile: Profile, scope: str) -> None:
    """Turn the scope off; what is gone or off already stays so."""
    name, _colon, what = scope.partition(":")
    if (known := _scopes.get(name)) is not None:
        known.stop(profile, what)


def describe_kind(key: str) -> str | None:
    """Return what settings call a kind."""
    kind = find_kind(key)
    return str(kind.label) if kind else None


def stop_kind(profile: Profile, key: str) -> None:
    """Turn e-mails of a kind off."""
    kind = find_kind(key)
    if kind is not None and not kind.fixed:
        set_preference(profile, key, email=False)
