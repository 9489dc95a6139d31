"""Who may come in: members, and those who showed lately who they are."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from community.lib.redirects import safe_next
from profiles.http import HttpRequest

View = Callable[..., HttpResponse]


def redirect_to_sign_in(back: str, *, join: bool = False) -> HttpResponse:
    """Return the redirect to the sign-in page, or to `join` the sign-up page, that leads to the path `back` afterwards."""
    page = reverse("account_signup" if join else "account_login")
    return redirect(f"{page}?{urlencode({'next': back})}")


def signed_in(view: View) -> View:
    """Send guests to sign in and back again. Caches keep none of these pages."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.viewer is None:
            back = request.get_full_path() if request.method != "POST" else safe_next(request, "/")
            return redirect_to_sign_in(back)
        return view(request, *args, **kwargs)

    return guarded


def signed_in_lately(request: HttpRequest) -> bool:
    """Say whether the person showed who they are within the last minutes, at the door or again."""
    records = get_authentication_records(request, request.user)  # type: ignore[arg-type]
    return bool(records) and time.time() - records[-1]["at"] < account_settings.REAUTHENTICATION_TIMEOUT
