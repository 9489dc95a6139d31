"""Signing in, and loading who is signed in with one query."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from community.lib.prepared import Prepared
from profiles.models import User
from profiles.second_factor import found


class ProfileBackend(AuthenticationBackend):
    """allauth's backend, with the profile, its team and whether there is a second factor in the same query."""

    def get_user(self, user_id: int) -> User | None:
        user: User | None = _user.first(user_id=user_id)
        if user is not None and hasattr(user, "profile"):
            user.profile.user = user
        return user


_user = Prepared(
    lambda user_id: (
        User.objects.select_related("profile__team")
        .annotate(second_factor_found=found())
        .filter(pk=user_id, is_active=True)
    )
)
