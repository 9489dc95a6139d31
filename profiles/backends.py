"""Signing in, and loading who is signed in with one query."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from profiles.models import User
from profiles.second_factor import found


class ProfileBackend(AuthenticationBackend):
    """allauth's backend, with the profile, its team and whether there is a second factor in the same query."""

    def get_user(self, user_id: int) -> User | None:
        users = User.objects.select_related("profile__team").annotate(second_factor_found=found())
        user = users.filter(pk=user_id, is_active=True).first()
        if user is not None and hasattr(user, "profile"):
            user.profile.user = user
        return user
