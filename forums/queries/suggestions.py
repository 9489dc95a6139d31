"""Names while somebody types."""

from __future__ import annotations

from django.db.models import Q

from forums.models import Thread
from profiles.models import Profile

SUGGESTIONS = 8


def people(query: str) -> list[dict[str, str]]:
    """Return profiles whose handle or name begins with, or holds, `query`: value, label, detail."""
    query = query.replace("\x00", "").strip().lower()
    if not query:
        return []
    found = Profile.objects.visible_to(None).filter(Q(handle__istartswith=query) | Q(name__icontains=query))
    rows = found.order_by("handle").values_list("handle", "name")[:SUGGESTIONS]
    return [{"value": f"@{handle}", "label": name, "detail": f"@{handle}"} for handle, name in rows]


def threads(query: str) -> list[dict[str, str]]:
    """Return listed threads by number, or by words of the subject: value, label, detail."""
    query = query.replace("\x00", "").strip()
    if not query:
        return []
    listed = Thread.objects.listed()
    if query.isdecimal() and len(query) < 18:
        listed = listed.filter(pk=int(query))
    else:
        listed = listed.filter(subject__icontains=query)
    rows = listed.order_by("-last_activity_at", "-pk").values_list("pk", "subject")[:SUGGESTIONS]
    return [{"value": f"#{pk}", "label": subject, "detail": f"#{pk}"} for pk, subject in rows]
