"""The page of one's bells."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.lib import ratelimit
from community.lib.keypages import page_by_id
from forums.actions.digests import send_preview
from forums.actions.readers import set_topic_deliveries
from forums.models import TopicDelivery
from forums.queries.subscriptions import thread_bells, topic_bells
from forums.views.posts import try_action
from profiles.http import HttpRequest
from profiles.permissions import is_moderator
from profiles.views.guards import signed_in
from profiles.views.settings import settings_page

PREVIEWS_AN_HOUR = 5


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def subscription_list(request: HttpRequest) -> HttpResponse:
    """What each topic's bell sends, and the threads I hear of; a POST saves the topics."""
    viewer = request.viewer
    if request.method == "POST":
        chosen = {
            key.removeprefix("topic:"): value
            for key, value in request.POST.items()
            if key.startswith("topic:")
        }
        try_action(request, _("Saved."), set_topic_deliveries, viewer, chosen)
        return redirect("subscription-list")
    choices = [one for one in TopicDelivery.choices if one[0] != TopicDelivery.EACH or is_moderator(viewer)]
    context = {
        "bells": topic_bells(viewer),
        "choices": choices,
        "page": page_by_id(thread_bells(viewer), request.GET.dict()),
        "query": "",
    }
    return settings_page(request, "subscriptions", **context)


@require_POST
@signed_in
def digest_preview(request: HttpRequest) -> HttpResponse:
    """Send me what my digest would look like now."""
    viewer = request.viewer
    ratelimit.check("digest-preview", str(viewer.pk), limit=PREVIEWS_AN_HOUR, seconds=3600)
    try:
        is_tried = send_preview(viewer)
    except ValidationError as refusal:
        messages.info(request, " ".join(refusal.messages))
    else:
        if is_tried:
            messages.success(
                request,
                _("A preview of your digest is on its way. If none comes, your e-mail history says why."),
            )
        else:
            messages.info(request, _("No preview was sent. Your e-mail history says why."))
    return redirect("settings-mail")
