"""Metrics about points."""

from __future__ import annotations

from django.db.models import Sum

from community.lib.metrics import Metric, Sample, Type, register
from points.models import Account, Kind, Transaction
from points.queries.reports import ISSUED, SPENT


def register_metrics() -> None:
    register(
        Metric(
            "hearth_points_issued",
            "Points ever issued, before what was revoked.",
            Type.GAUGE,
            lambda: _sum(*ISSUED),
        ),
        Metric(
            "hearth_points_redeemed",
            "Points ever redeemed, without refunds.",
            Type.GAUGE,
            lambda: _sum(*SPENT, sign=-1),
        ),
        Metric("hearth_points_outstanding", "Points members have.", Type.GAUGE, outstanding),
    )


def _sum(*kinds: Kind, sign: int = 1) -> list[Sample]:
    total = Transaction.objects.filter(kind__in=kinds).aggregate(total=Sum("amount"))["total"] or 0
    return [({}, sign * total)]


def outstanding() -> list[Sample]:
    return [({}, Account.objects.filter(kind="wallet").aggregate(total=Sum("balance"))["total"] or 0)]
