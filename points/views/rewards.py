"""The points tab of a profile: rewards, redeeming, orders and codes."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.lib.errors import Conflict
from community.lib.htmx import is_htmx
from community.lib.refusals import add_errors
from points.actions.orders import place_order
from points.actions.redemptions import redeem, reveal_code
from points.forms import ShippingAddressForm
from points.models import Kind, Redemption
from points.policy import EARNINGS
from points.queries.history import history
from points.queries.ledger import balance_of
from points.queries.rewards import cards_for, next_card, store_link, visible_rewards
from profiles.http import HttpRequest
from profiles.models import Profile
from profiles.views.guards import signed_in

ID_DIGITS = 18


def points_tab(request: HttpRequest, profile: Profile) -> dict[str, object]:
    """Return the context of the tab: rewards for their owner only, the history for moderators too."""
    viewer = request.viewer
    before = _number(request.GET.get("before", ""))
    rows, older = history(profile, before=before)
    mine = viewer.pk == profile.pk
    context: dict[str, object] = {"rows": rows, "older": older, "mine": mine, "paged": before is not None}
    if not mine:
        return context | {"balance": balance_of(profile.pk)}
    balance, cards = cards_for(profile)
    target = next_card(cards)
    solutions = -(-target.missing // EARNINGS[Kind.SOLUTION].points) if target else 0
    return context | {
        "balance": balance,
        "cards": cards,
        "target": target,
        "solutions": solutions,
        "filled": max(0, balance),
        "asked": request.GET.get("redeem", ""),
        "ordering": request.GET.get("order", ""),
        "form": ShippingAddressForm(),
        # Sending the form twice spends once: the key is part of the page.
        "key": secrets.token_urlsafe(12),
    }


@require_safe
@signed_in
def my_points(request: HttpRequest) -> HttpResponse:
    """Redirect to the viewer's own tab."""
    return redirect(_tab(request.viewer))


@require_POST
@signed_in
def reward_redeem(request: HttpRequest, slug: str) -> HttpResponse:
    """Spend points on a reward, then show what is next: the order form, or the code."""
    viewer = request.viewer
    reward = get_object_or_404(visible_rewards(viewer), slug=slug)
    key, price = request.POST.get("key", "")[:100], _number(request.POST.get("price", ""))
    try:
        redemption = redeem(viewer, reward, key=key, price=price)
    except Conflict as refusal:
        messages.error(request, refusal.sentence)
        return redirect(_tab(viewer))
    balance = balance_of(viewer.pk)
    said = ngettext(
        "You redeemed %(title)s. You have %(count)d point left.",
        "You redeemed %(title)s. You have %(count)d points left.",
        balance,
    )
    messages.success(request, said % {"title": redemption.title, "count": balance})
    parameters = {"order": redemption.pk} if reward.needs_address else {}
    return redirect(f"{_tab(viewer, **parameters)}#reward-{slug}")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def redemption_order(request: HttpRequest, pk: int) -> HttpResponse:
    """Order a redeemed product: the form for its shipping address."""
    viewer = request.viewer
    mine = Redemption.objects.visible_to(viewer).select_related("reward")
    redemption = get_object_or_404(mine, pk=pk, reward__needs_address=True)
    form = ShippingAddressForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            place_order(viewer, redemption, form.cleaned_data)
        except ValidationError as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, _("Order placed. We’ll e-mail you when it ships."))
            return redirect(_tab(viewer))
    context = {"area": "people", "redemption": redemption, "form": form, "back": _tab(viewer)}
    return render(request, "points/order.html", context, status=400 if form.is_bound else 200)


@never_cache
@require_POST
@signed_in
def redemption_code(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a code to its owner: by POST, never cached, and logged."""
    viewer = request.viewer
    redemption = get_object_or_404(
        Redemption.objects.visible_to(viewer).select_related("reward"), pk=pk, code__isnull=False
    )
    code = reveal_code(viewer, redemption)
    store = store_link(redemption.reward, code)
    context = {"area": "people", "redemption": redemption, "code": code, "store": store, "back": _tab(viewer)}
    template = "points/fragments/code.html" if is_htmx(request) else "points/code.html"
    response = render(request, template, context)
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _number(text: str) -> int | None:
    """Return an id from a query or form, None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= ID_DIGITS else None


def _tab(profile: Profile, **parameters: object) -> str:
    return f"{profile.get_absolute_url()}?{urlencode({'tab': 'points', **parameters})}"
