"""Who may knock, and what a key's scopes open. What an action does, its own permission check decides."""

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
    """Say whether the request may use `scope`: a session may use all, and so may a key without scopes."""
    scopes = getattr(request.auth, "scopes", None)
    return not scopes or scope in scopes


def require_scope(request: Request, scope: str) -> None:
    """Refuse when the request came with a key that lacks `scope`."""
    if not has_scope(request, scope):
        raise Forbidden(_("This key lacks the scope “%(scope)s”.") % {"scope": scope}, code="scope_missing")


def require_own_or_moderate(request: Request, author_id: int | None) -> None:
    """A key without the scope `moderate` changes only what its owner wrote, whatever the owner's role."""
    if author_id is None or getattr(viewer_of(request), "pk", None) != author_id:
        require_scope(request, MODERATE)


def viewer_of(request: Request) -> Any:
    """Return the profile behind the session or key, or None."""
    return getattr(request.user, "profile", None) if request.user.is_authenticated else None


class ReadOrSignedIn(BasePermission):
    """Everybody reads; changing something takes a session or a key. `view.scope` names a scope every method needs."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        safe = request.method in SAFE_METHODS
        if not safe and viewer_of(request) is None:
            raise NotAuthenticated(_("Sign in first."))
        require_scope(request, getattr(view, "scope", None) or (READ if safe else WRITE))
        return True


class SignedIn(ReadOrSignedIn):
    """For what is one's own: reading takes signing in too."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if viewer_of(request) is None:
            raise NotAuthenticated(_("Sign in first."))
        return super().has_permission(request, view)
