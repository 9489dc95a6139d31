"""What an action says when it refuses, in one place for pages, admin, the API and bulk."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from community.lib.errors import Conflict, TooMany

REFUSALS = (PermissionDenied, ValidationError, Conflict, TooMany)


def error_message(refusal: Exception) -> str:
    """Return the sentence a person reads."""
    if isinstance(refusal, ValidationError):
        return " ".join(refusal.messages)
    if isinstance(refusal, Http404):
        return _("Not found.")
    return str(refusal) or _("You can’t do this.")


def attempt(action: Callable[..., object], *args: object, **kwargs: object) -> str:
    """Run an action. Return "" when it went through, else why not; nothing was changed then."""
    try:
        action(*args, **kwargs)
    except (*REFUSALS, Http404) as refusal:
        return error_message(refusal)
    return ""


def try_action(
    request: HttpRequest, done: str, action: Callable[..., object], *args: object, **kwargs: object
) -> bool:
    """Run an action; say on the next page that it was `done`, or why not. Return whether it went through."""
    refusal = attempt(action, *args, **kwargs)
    if refusal:
        messages.error(request, refusal)
    elif done:
        messages.success(request, done)
    return not refusal


def add_errors(form: forms.BaseForm, refusal: Exception) -> None:
    """Show a refusal beside the fields it names; what names none of the form's fields is shown above it."""
    by_field = getattr(refusal, "error_dict", None) or {None: error_message(refusal)}
    for name, errors in by_field.items():
        form.add_error(name if name in form.fields else None, errors)
