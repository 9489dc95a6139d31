"""The review queue, the open table of limits, and how the score and the filter do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from forums.models import Post
from forums.views.posts import signed_in
from moderation.actions import review
from moderation.actions.filtering import set_filter
from moderation.actions.threads import require_team
from moderation.models import FilterMode, SpamFilter, SpamToken
from moderation.queries import review as queue
from moderation.spam.limits import LIMITS, NEW_FOR, NEW_POSTS
from moderation.spam.score import HOLD_NEW, SIGNS
from profiles.permissions import is_admin

DECISIONS: dict[str, tuple[Any, dict[str, Any]]] = {
    "approve": (review.approve_post, {}),
    "trust": (review.approve_post, {"trust": True}),
    "turn-down": (review.turn_down_post, {}),
    "spam": (review.turn_down_post, {"spam": True}),
    "again": (review.review_again, {}),
}
AT_ONCE = 100


@require_safe
@signed_in
def review_list(request: HttpRequest) -> HttpResponse:
    """What waits for a moderator, or what new members wrote lately."""
    require_team(request.viewer)  # type: ignore[attr-defined]
    show = "recent" if request.GET.get("show") == "recent" else "waiting"
    page, items = queue.page_of(queue.recent() if show == "recent" else queue.waiting(), request.GET.get("page", "1"))
    context = {"area": "moderation", "page": page, "items": items, "show": show}
    return render(request, "moderation/review.html", context)


@require_POST
@signed_in
def review_decide(request: HttpRequest) -> HttpResponse:
    """Decide about one text (`do=spam:12`) or about all that are ticked."""
    viewer = request.viewer  # type: ignore[attr-defined]
    require_team(viewer)
    wanted, _colon, number = (request.POST.get("do") or request.GET.get("do", "")).partition(":")
    if wanted not in DECISIONS:
        raise PermissionDenied(_("That is no tool of this page."))
    action, given = DECISIONS[wanted]
    numbers = [number] if number else request.POST.getlist("post")
    ids = [int(one) for one in numbers if one.isascii() and one.isdecimal() and len(one) < 18][:AT_ONCE]
    done, reason = 0, request.POST.get("reason", "")[:300]
    for post in Post.objects.filter(pk__in=ids).order_by("pk"):
        try:
            action(viewer, post, reason=reason, **given)
            done += 1
        except (PermissionDenied, ValidationError) as refusal:
            messages.error(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
    undo = f"undo:/moderation/review/decide/?do=again:{ids[0]}" if wanted in ("spam", "turn-down") and len(ids) == 1 else ""
    if done:
        said = ngettext("Decided about %(count)d text.", "Decided about %(count)d texts.", done) % {"count": done}
        messages.success(request, said, extra_tags=undo)
    elif not ids:
        messages.error(request, _("Tick the texts first."))
    return redirect("/moderation/review/?show=recent" if request.POST.get("show") == "recent" else "/moderation/review/")


@require_safe
@signed_in
def spam_figures(request: HttpRequest) -> HttpResponse:
    """How well the score and the filter do, and what the filter learned."""
    viewer = request.viewer  # type: ignore[attr-defined]
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
    """Let the filter watch, hold or rest."""
    try:
        viewer = request.viewer  # type: ignore[attr-defined]
        set_filter(
            viewer, mode=request.POST.get("mode", ""), bar=request.POST.get("bar", ""), reason=request.POST.get("reason", "")
        )
        messages.success(request, _("Done."))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("spam-figures")


@require_safe
def limit_list(request: HttpRequest) -> HttpResponse:
    """The limits for new members, open to everybody."""
    context = {"limits": LIMITS.items(), "days": NEW_FOR.days, "posts": NEW_POSTS, "signs": SIGNS.items()}
    return render(request, "moderation/limits.html", context)
