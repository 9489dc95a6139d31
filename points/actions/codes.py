"""The pool of codes: filled by upload or by drawing them, sealed on the way in."""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from community.audit import record
from community.lib.sealed import fingerprint, seal, unseal
from points.models import Code, Order, Reward, RewardKind
from points.permissions import require_treasurer
from profiles.models import Profile

CODES_AT_ONCE = 10_000
CODE_LENGTH = 100
# Without 0, O, 1, I and L, which people mistake for each other.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
GROUPS, GROUP_LENGTH = 4, 4
BATCH = 500


def upload_codes(actor: Profile | None, reward: Reward, text: str) -> tuple[int, int]:
    """Add the codes of a CSV's first column (a heading `code` is skipped); say how many were added and were known already.

    Raises PermissionDenied, ValidationError({"codes": sentence}).
    """
    require_treasurer(actor)
    rows = [row[0].strip() for row in csv.reader(io.StringIO(text.replace("\x00", ""))) if row and row[0].strip()]
    if rows and rows[0].casefold() in ("code", "codes"):
        rows = rows[1:]
    if not rows:
        raise ValidationError({"codes": _("There is no code in this file.")})
    if len(rows) > CODES_AT_ONCE:
        raise ValidationError({"codes": _("Add at most %(count)d codes at a time.") % {"count": CODES_AT_ONCE}})
    if (number := next((place for place, one in enumerate(rows, 1) if len(one) > CODE_LENGTH), None)) is not None:
        raise ValidationError({"codes": _("Code number %(number)d is too long to be one.") % {"number": number}})
    return _add(actor, reward, rows)


def generate_codes(actor: Profile | None, reward: Reward, *, count: int, prefix: str = "") -> int:
    """Draw `count` new codes of 79 random bits each. Raises PermissionDenied, ValidationError({"count": sentence})."""
    require_treasurer(actor)
    if not 1 <= count <= CODES_AT_ONCE:
        raise ValidationError({"count": _("Choose from 1 to %(count)d.") % {"count": CODES_AT_ONCE}})
    start = f"{prefix.strip().upper()[:20]}-" if prefix.strip() else ""
    return _add(actor, reward, [start + _draw() for _number in range(count)])[0]


def reseal() -> int:
    """Seal every code and address anew with the key in force, after CODES_KEY changed. Returns how many; safe to run twice."""
    done = 0
    for model, field in ((Code, "sealed"), (Order, "sealed_address")):
        last = 0
        while rows := list(model._default_manager.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
            with transaction.atomic():
                for row in model._default_manager.select_for_update().filter(pk__in=rows).order_by("pk"):
                    if sealed := getattr(row, field):
                        text = unseal(sealed)
                        setattr(row, field, seal(text))
                        if isinstance(row, Code):
                            row.fingerprint = fingerprint(text)
                        row.save(update_fields=[field, *(["fingerprint"] if isinstance(row, Code) else [])])
                        done += 1
            last = rows[-1]
    return done


def _add(actor: Profile | None, reward: Reward, texts: Iterable[str]) -> tuple[int, int]:
    assert actor is not None
    if reward.kind != RewardKind.CREDIT:
        raise ValidationError({"codes": _("Only merch credits have codes.")})
    unique = list(dict.fromkeys(texts))
    with transaction.atomic():
        before = Code.objects.filter(reward=reward).count()
        rows = [Code(reward=reward, sealed=seal(text), fingerprint=fingerprint(text)) for text in unique]
        Code.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
        added = Code.objects.filter(reward=reward).count() - before
        record("codes.added", actor_id=actor.pk, target=f"reward:{reward.pk}", after={"count": added})
    return added, len(unique) - added


def _draw() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _place in range(GROUP_LENGTH)) for _group in range(GROUPS))
