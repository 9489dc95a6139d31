"""allauth's own signals, the only ones we listen to."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest

from profiles.actions.accounts import give_profile
from profiles.actions.claims import claim_imported
from profiles.models import Role, User
from profiles.registries import AFTER_SIGN_IN
from profiles.second_factor import KINDS


@receiver(user_logged_in, dispatch_uid="profiles.arrive")
def arrive(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Give a member who signed in their profile, an imported one if it was theirs, then run what apps added."""
    profile = claim_imported(user) or give_profile(user)
    profile.user = user
    for after_sign_in in AFTER_SIGN_IN:
        after_sign_in(request, profile)


@receiver(authenticator_added, dispatch_uid="profiles.end_weak_sessions")
def end_weak_sessions(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """End sessions without a second factor: the role takes effect now and must not reach them."""
    if settings.SECOND_FACTOR_REQUIRED and authenticator.type in KINDS and user.has_role(Role.MODERATOR):
        for session in UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key):
            session.end()
