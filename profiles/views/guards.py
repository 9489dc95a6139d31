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
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from profiles.http import HttpRequest

View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """Send guests to the door and back. Settings are nobody else's to keep, so no cache may."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.viewer is None:
            return redirect(f"/accounts/login/?{urlencode({'next': request.get_full_path()})}")
        return view(request, *args, **kwargs)

    return guarded


def signed_in_lately(request: HttpRequest) -> bool:
    """Say whether the person showed who they are within the last minutes, at the door or again."""
    records = get_authentication_records(request, request.user)  # type: ignore[arg-type]
    return bool(records) and time.time() - records[-1]["at"] < account_settings.REAUTHENTICATION_TIMEOUT
