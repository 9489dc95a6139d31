"""The bells of threads and topics. A guest's press is kept in their session and rings when they have signed in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.lib import ratelimit
from community.lib.clients import client_key
from community.lib.htmx import is_htmx
from community.lib.origin import guest_writable
from community.lib.redirects import safe_next
from forums.actions import readers
from forums.models import Thread, Topic, TopicDelivery
from forums.views.posts import try_action
from profiles.http import HttpRequest
from profiles.models import Profile

KEPT = "bell"  # in a guest's session: ["thread", 12] or ["topic", 3]
PRESSES_PER_HOUR = 30


@guest_writable
@require_http_methods(["GET", "HEAD", "POST"])
def thread_subscription(request: HttpRequest, pk: int) -> HttpResponse:
    """The bell on a thread. A GET leads to the thread and changes nothing."""
    viewer = request.viewer
    thread = get_object_or_404(Thread.objects.visible_to(viewer), pk=pk)
    if request.method == "POST" and viewer is None:
        return _keep(request, ("thread", thread.pk), thread.get_absolute_url())
    if request.method == "POST":
        wanted, quiet = request.POST.get("bell") != "off", is_htmx(request)
        done = (
            _("You’ll get an e-mail for each reply.")
            if wanted
            else _("You won’t get e-mails about this thread.")
        )
        ok = try_action(
            request,
            "" if quiet else done,
            readers.subscribe if wanted else readers.unsubscribe,
            viewer,
            thread,
        )
        if quiet and ok:
            return render(
                request, "forums/fragments/thread_bell.html", {"thread": thread, "subscribed": wanted}
            )
        return redirect(safe_next(request, thread.get_absolute_url(), referer=False))
    return redirect(thread.get_absolute_url())


@guest_writable
@require_POST
def topic_subscription(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose what a topic's bell sends; a guest's press means the daily digest."""
    viewer = request.viewer
    topic = get_object_or_404(Topic, slug=slug)
    if viewer is None:
        return _keep(request, ("topic", topic.pk), topic.get_absolute_url())
    delivery = request.POST.get("delivery", "")
    delivery = delivery if delivery in TopicDelivery.values else TopicDelivery.NONE.value
    try_action(request, _("Saved."), readers.set_topic_delivery, viewer, topic, delivery)
    return redirect(topic.get_absolute_url())


def ring_on_arrival(request: HttpRequest, profile: Profile) -> None:
    """Turn the bell on that a guest pressed, at the moment they have signed in."""
    kind, pk = request.session.pop(KEPT, None) or ("", 0)
    if kind == "thread" and (thread := Thread.objects.visible_to(profile).filter(pk=pk).first()) is not None:
        try_action(request, _("You’ll get an e-mail for each reply."), readers.subscribe, profile, thread)
    if kind == "topic" and (topic := Topic.objects.filter(pk=pk).first()) is not None:
        done = _("You’ll get the daily digest of this topic.")
        try_action(request, done, readers.ensure_topic_delivery, profile, topic)


def _keep(request: HttpRequest, what: tuple[str, int], back: str) -> HttpResponse:
    ratelimit.check("bell", client_key(request), limit=PRESSES_PER_HOUR, seconds=3600)
    request.session[KEPT] = what
    messages.info(request, _("Sign in, and the bell is on."))
    return redirect(f"/accounts/login/?{urlencode({'next': back})}")
