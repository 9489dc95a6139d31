"""Following threads and topics, and the settings page of what I follow."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.lib import ratelimit
from community.lib.clients import client_key
from community.lib.htmx import is_htmx
from community.lib.keypages import page_by_id
from community.lib.origin import guest_writable
from community.lib.redirects import safe_next
from community.lib.refusals import try_action
from forums.actions import subscriptions
from forums.actions.digests import send_preview
from forums.models import Thread, Topic, TopicDelivery
from forums.queries.subscriptions import followed_threads, topic_choices
from profiles.http import HttpRequest
from profiles.models import Profile
from profiles.permissions import is_moderator
from profiles.views.guards import redirect_to_sign_in, signed_in
from profiles.views.settings import settings_page

PENDING = "bell"  # in a guest's session: ["thread", 12] or ["topic", 3]
GUEST_FOLLOWS_PER_HOUR = 30
PREVIEWS_PER_HOUR = 5


@guest_writable
@require_http_methods(["GET", "HEAD", "POST"])
def thread_subscription(request: HttpRequest, pk: int) -> HttpResponse:
    """Follow or unfollow a thread. A GET leads to the thread and changes nothing."""
    viewer = request.viewer
    thread = get_object_or_404(Thread.objects.visible_to(viewer), pk=pk)
    if request.method != "POST":
        return redirect(thread.get_absolute_url())
    if viewer is None:
        return _remember(request, "thread", thread)
    follow, quiet = request.POST.get("bell") != "off", is_htmx(request)
    done = _("You’re following this thread.") if follow else _("You’ve unfollowed this thread.")
    action = subscriptions.subscribe if follow else subscriptions.unsubscribe
    if try_action(request, "" if quiet else done, action, viewer, thread) and quiet:
        context = {"thread": thread, "subscribed": follow}
        return render(request, "forums/fragments/thread_follow.html", context)
    return redirect(safe_next(request, thread.get_absolute_url(), referer=False))


@guest_writable
@require_POST
def topic_subscription(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose what following a topic sends; a guest chooses the daily digest."""
    topic = get_object_or_404(Topic, slug=slug)
    if request.viewer is None:
        return _remember(request, "topic", topic)
    delivery = request.POST.get("delivery", "")
    delivery = delivery if delivery in TopicDelivery.values else TopicDelivery.NONE.value
    if delivery == TopicDelivery.NONE:
        done = _("You’ve unfollowed %(topic)s.") % {"topic": topic.name}
    else:
        done = _("You’re following %(topic)s.") % {"topic": topic.name}
    try_action(request, done, subscriptions.set_topic_delivery, request.viewer, topic, delivery)
    return redirect(topic.get_absolute_url())


def follow_on_arrival(request: HttpRequest, profile: Profile) -> None:
    """Follow what a guest chose to follow, as soon as they have signed in."""
    kind, pk = request.session.pop(PENDING, None) or ("", 0)
    if kind == "thread" and (thread := Thread.objects.visible_to(profile).filter(pk=pk).first()) is not None:
        done = _("You’re following this thread. We e-mail you about each reply.")
        try_action(request, done, subscriptions.subscribe, profile, thread)
    if kind == "topic" and (topic := Topic.objects.filter(pk=pk).first()) is not None:
        done = _("You’re following %(topic)s. You get its daily digest by e-mail.") % {"topic": topic.name}
        try_action(request, done, subscriptions.ensure_topic_delivery, profile, topic)


def _remember(request: HttpRequest, kind: str, target: Thread | Topic) -> HttpResponse:
    ratelimit.check("bell", client_key(request), limit=GUEST_FOLLOWS_PER_HOUR, seconds=3600)
    request.session[PENDING] = (kind, target.pk)
    messages.info(request, _("Sign in to follow."))
    return redirect_to_sign_in(target.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def subscription_list(request: HttpRequest) -> HttpResponse:
    """The topics and threads I follow; a POST saves what each topic sends."""
    viewer = request.viewer
    if request.method == "POST":
        chosen = {
            key.removeprefix("topic:"): value
            for key, value in request.POST.items()
            if key.startswith("topic:")
        }
        try_action(request, _("Settings saved."), subscriptions.set_topic_deliveries, viewer, chosen)
        return redirect("subscription-list")
    choices = [one for one in TopicDelivery.choices if one[0] != TopicDelivery.EACH or is_moderator(viewer)]
    threads = page_by_id(followed_threads(viewer), request.GET.dict())
    context = {"bells": topic_choices(viewer), "choices": choices, "page": threads, "query": ""}
    return settings_page(request, "subscriptions", **context)


@require_POST
@signed_in
def digest_preview(request: HttpRequest) -> HttpResponse:
    """Send me what my digest would look like now."""
    viewer = request.viewer
    ratelimit.check("digest-preview", str(viewer.pk), limit=PREVIEWS_PER_HOUR, seconds=3600)
    try:
        if send_preview(viewer):
            messages.success(
                request, _("We’re sending a preview. If it doesn’t arrive, see your e-mail history.")
            )
        else:
            messages.info(request, _("No preview was sent. See your e-mail history for the reason."))
    except ValidationError as refusal:
        messages.info(request, " ".join(refusal.messages))
    return redirect("settings-mail")
