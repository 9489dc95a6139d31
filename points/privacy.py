"""What is erased with a deleted account, and what a data export contains.

The ledger keeps its rows, which hold ids and numbers only; texts, shipping addresses and announcements are erased.
Codes are not exported: each is shown on its own page, to its owner, and each time is logged.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from integrations.actions import withdraw
from points.models import Award, Gift, Order, Redemption, Transaction, TransactionDetail
from points.notifications import GIFT
from profiles.models import Delivery, Notification, Profile
from profiles.registries import ExportFile

CHUNK = 500


def erase_points_traces(profile: Profile, keep_posts: bool) -> None:
    """Erase the texts of the person's transactions and of points they awarded, shipping addresses, and
    announcements.
    """
    given = Gift.objects.filter(giver=profile)
    TransactionDetail.objects.filter(
        Q(transaction__wallet__profile=profile) | Q(transaction__gift__in=given)
    ).delete()
    orders = Order.objects.filter(redemption__profile=profile).exclude(sealed_address="")
    orders.update(sealed_address="", erased_at=timezone.now())
    Order.objects.filter(redemption__profile=profile).update(tracking="")
    gifts = Gift.objects.filter(Q(giver=profile) | Q(receiver=profile)).values_list("pk", flat=True)
    redemptions = Redemption.objects.filter(profile=profile).values_list("pk", flat=True)
    # Notifications of others keep that it happened, without the name.
    title = _("You were awarded points")
    for model in (Notification, Delivery):
        model._default_manager.filter(kind=GIFT, actor_id=profile.pk).update(title=title)
    withdraw([*(f"gift:{pk}" for pk in gifts), *(f"redemption:{pk}" for pk in redemptions)])


def points_parts(profile: Profile) -> Iterator[ExportFile]:
    """Yield transactions with their texts, achievements, redemptions and points awarded."""
    rows = Transaction.objects.filter(wallet__profile=profile).order_by("pk")
    fields = (
        "id",
        "kind",
        "amount",
        "withheld",
        "created_at",
        "detail__title",
        "detail__url",
        "detail__reason",
    )
    yield ExportFile("points/transactions.json", list(rows.values(*fields).iterator(chunk_size=CHUNK)))
    awards = Award.objects.filter(profile=profile).order_by("pk")
    yield ExportFile(
        "points/achievements.json",
        list(
            awards.values("achievement__slug", "achievement__title", "awarded_at", "revoked_at", "hidden_at")
        ),
    )
    redemptions = Redemption.objects.filter(profile=profile).order_by("pk")
    fields = (
        "id",
        "title",
        "price",
        "created_at",
        "fulfilled_at",
        "refunded_at",
        "order__sent_at",
        "order__tracking",
    )
    yield ExportFile("points/redemptions.json", list(redemptions.values(*fields)))
    given = Gift.objects.filter(giver=profile).order_by("pk")
    yield ExportFile(
        "points/gifts-given.json", list(given.values("receiver_id", "points", "category__name", "created_at"))
    )
