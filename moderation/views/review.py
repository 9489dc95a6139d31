"""The review queue, the limits for new members, and the accuracy of spam score and filter."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from moderation.actions.filtering import set_filter
from moderation.actions.threads import require_team
from moderation.models import FilterMode, SpamFilter, SpamToken
from moderation.queries import review as queue
from moderation.spam.limits import LIMITS, NEW_FOR, NEW_POSTS
from moderation.spam.score import HOLD_NEW, SIGNS
from profiles.http import HttpRequest
from profiles.permissions import is_admin
from profiles.views.guards import signed_in


@require_safe
@signed_in
def review_list(request: HttpRequest) -> HttpResponse:
    """List posts awaiting approval, or recent posts of new members."""
    require_team(request.viewer)
    show = "recent" if request.GET.get("show") == "recent" else "waiting"
    page, items = queue.page_of(
        queue.recent() if show == "recent" else queue.waiting(), request.GET.get("page", "1")
    )
    context = {"area": "moderation", "page": page, "items": items, "show": show, "query": f"&show={show}"}
    return render(request, "moderation/review.html", context)


@require_safe
@signed_in
def spam_figures(request: HttpRequest) -> HttpResponse:
    """Show the accuracy of score and filter, and what the filter learned."""
    viewer = request.viewer
    require_team(viewer)
    rule = SpamFilter.objects.first() or SpamFilter()
    context = {
        "area": "moderation",
        "rule": rule,
        "modes": FilterMode.choices,
        "figures": queue.figures(bar=rule.bar),
        "words": queue.telling_words(),
        "texts": SpamToken.objects.filter(token="").first(),
        "signs": SIGNS.items(),
        "hold": HOLD_NEW,
        "may_set": is_admin(viewer),
    }
    return render(request, "moderation/spam.html", context)


@require_POST
@signed_in
def spam_filter(request: HttpRequest) -> HttpResponse:
    """Set the mode of the spam filter."""
    try:
        viewer = request.viewer
        set_filter(
            viewer,
            mode=request.POST.get("mode", ""),
            bar=request.POST.get("bar", ""),
            reason=request.POST.get("reason", ""),
        )
        messages.success(request, _("Spam filter saved."))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("spam-figures")


@require_safe
def limit_list(request: HttpRequest) -> HttpResponse:
    """Show the limits for new members."""
    context = {"limits": LIMITS.items(), "days": NEW_FOR.days, "posts": NEW_POSTS, "signs": SIGNS.items()}
    return render(request, "moderation/limits.html", context)
