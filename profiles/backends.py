"""Signing in, and loading who is signed in with one query."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from profiles.models import User


class ProfileBackend(AuthenticationBackend):
    """allauth's backend, with the profile and its team in the same query."""

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.select_related("profile__team").filter(pk=user_id, is_active=True).first()
        if user is not None and hasattr(user, "profile"):
            user.profile.user = user
        return user
