"""Who may call the API, and what the scopes of a key allow. Actions check their own permissions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAuthenticated
from rest_framework.exceptions import PermissionDenied as Forbidden
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:
    from rest_framework.views import APIView


READ, WRITE, MODERATE = "read", "write", "moderate"


def has_scope(request: Request, scope: str) -> bool:
    """Return whether the request may use `scope`: sessions and keys without scopes may use all."""
    scopes = getattr(request.auth, "scopes", None)
    return not scopes or scope in scopes


def require_scope(request: Request, scope: str) -> None:
    """Refuse when the request came with a key that lacks `scope`."""
    if not has_scope(request, scope):
        raise Forbidden(
            _("This API key doesn’t have the scope “%(scope)s”.") % {"scope": scope}, code="scope_missing"
        )


def require_own_or_moderate(request: Request, author_id: int | None) -> None:
    """Refuse a key without the scope `moderate` that changes what someone else wrote, whatever its owner's role."""
    if author_id is None or getattr(viewer_of(request), "pk", None) != author_id:
        require_scope(request, MODERATE)


def viewer_of(request: Request) -> Any:
    """Return the profile behind the session or key, or None."""
    return getattr(request.user, "profile", None) if request.user.is_authenticated else None


class ReadOrSignedIn(BasePermission):
    """Let everyone read; writing needs a session or a key. `view.scope` names a scope that every method needs."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        safe = request.method in SAFE_METHODS
        if not safe and viewer_of(request) is None:
            raise NotAuthenticated(_("Sign in first."))
        require_scope(request, getattr(view, "scope", None) or (READ if safe else WRITE))
        return True


class SignedIn(ReadOrSignedIn):
    """Require a session or a key for reading, too."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if viewer_of(request) is None:
            raise NotAuthenticated(_("Sign in first."))
        return super().has_permission(request, view)
