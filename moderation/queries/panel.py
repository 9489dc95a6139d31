"""The sections of the moderator panel: the author, earlier threads, sanctions, points, log, activity."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.audit.queries import entries_about
from community.lib.elsewhere import fill, origin_of
from forums.models import Thread
from forums.queries.docs import edit_address
from moderation.models import Sanction
from moderation.panel import Section, add_section
from moderation.queries.log import described
from points.models import Gift
from profiles.http import HttpRequest
from profiles.models.profile import Trust

SHOWN = 5


def register() -> None:
    """Add the sections of this app."""
    add_section(Section("person", _("Asked by"), "moderation/panel/person.html", person, place=10))
    add_section(Section("earlier", _("Earlier threads"), "moderation/panel/earlier.html", earlier, place=20))
    add_section(Section("sanctions", _("Sanctions"), "moderation/panel/sanctions.html", sanctions, place=30))
    add_section(Section("gifts", _("Points awarded"), "moderation/panel/gifts.html", gifts, place=40))
    add_section(Section("log", _("Moderation log"), "moderation/panel/log.html", log, place=80))
    add_section(Section("activity", _("Activity"), "moderation/panel/activity.html", activity, place=90))


def person(request: HttpRequest, thread: Thread) -> dict[str, object]:
    """Return the author with their e-mail and links to the company’s systems."""
    author, email = thread.author, thread.author.user.email if thread.author.user else ""
    known = {"email": email, "profile": author.pk, "name": author.name}
    return {
        "author": author,
        "email": email,
        "record": fill(settings.PANEL["PERSON_RECORD_URL"], **known) if email else "",
        "edit_docs": edit_address(thread.docs_page),
        "has_plans": bool(settings.PANEL["PLAN_LOOKUP_URL"] and email),
        "admin": reverse("admin:profiles_profile_change", args=[author.pk]),
        "thread_admin": reverse("admin:forums_thread_change", args=[thread.pk]),
        "trusts": Trust.choices,
    }


def earlier(request: HttpRequest, thread: Thread) -> dict[str, object] | None:
    """Return the author’s earlier threads."""
    mine = (
        Thread.objects.filter(author=thread.author_id)
        .exclude(pk=thread.pk)
        .select_related("topic")
        .order_by("-created_at", "-id")
    )
    found = list(mine[: SHOWN + 1])
    return {"threads": found[:SHOWN], "more": len(found) > SHOWN, "author": thread.author} if found else None


def sanctions(request: HttpRequest, thread: Thread) -> dict[str, object] | None:
    """Return the author’s sanctions, newest first; never the viewer’s own."""
    visible = Sanction.objects.visible_to(request.viewer)
    found = list(visible.filter(profile=thread.author_id).select_related("given_by").order_by("-id")[:SHOWN])
    return {"sanctions": found} if found else None


def gifts(request: HttpRequest, thread: Thread) -> dict[str, object] | None:
    """Return points awarded to the author, newest first."""
    given = (
        Gift.objects.filter(receiver=thread.author_id)
        .select_related("giver", "category")
        .order_by("-created_at", "-id")
    )
    found = list(given[:SHOWN])
    return {"gifts": found} if found else None


def log(request: HttpRequest, thread: Thread) -> dict[str, object] | None:
    """Return what was done to the thread, newest first."""
    found = list(entries_about(f"thread:{thread.pk}")[:SHOWN])
    return {"lines": described(found), "thread": thread} if found else None


def activity(request: HttpRequest, thread: Thread) -> dict[str, object] | None:
    """Return the URL of the activity pane. One on our own origin gets none of its rights."""
    email = thread.author.user.email if thread.author.user else ""
    address = fill(
        settings.PANEL["ACTIVITY_PANE_URL"], email=email, profile=thread.author_id, name=thread.author.name
    )
    if not address:
        return None
    rights = (
        "allow-scripts"
        if origin_of(address) == origin_of(settings.SITE_URL)
        else "allow-scripts allow-same-origin allow-forms"
    )
    return {"address": address, "rights": rights}
