"""The codes of merch credits: uploaded or generated, and encrypted at once."""

from __future__ import annotations

import csv
import io
import re
import secrets
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from community.audit import record
from community.lib.errors import Conflict
from community.lib.sealed import fingerprint, fingerprints, seal, unseal
from points.models import Code, Order, Reward, RewardKind
from points.permissions import require_treasurer
from profiles.models import Profile

CODES_AT_ONCE = 10_000
CODE_LENGTH = 100
TEXT_LIMIT = 2_000_000  # characters: room for the longest codes and a few columns beside them
# Without 0, O, 1, I and L, which people mistake for each other.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
GROUPS, GROUP_LENGTH = 4, 4
BATCH = 500
PREFIX = re.compile(r"[A-Za-z0-9]{1,20}")


def upload_codes(actor: Profile | None, reward: Reward, text: str) -> tuple[int, int]:
    """Add the codes of a CSV's first column (a heading `code` is skipped). Return how many were added, and were already known.

    Raises PermissionDenied, ValidationError({"codes": sentence}).
    """
    require_treasurer(actor)
    return _add(actor, reward, _codes_of(text))


def generate_codes(actor: Profile | None, reward: Reward, *, count: int, prefix: str = "") -> int:
    """Generate `count` codes of 79 random bits each. Raises PermissionDenied, ValidationError by field."""
    require_treasurer(actor)
    if not 1 <= count <= CODES_AT_ONCE:
        raise ValidationError({"count": _("Choose from 1 to %(count)d.") % {"count": CODES_AT_ONCE}})
    if prefix and not PREFIX.fullmatch(prefix):
        raise ValidationError({"prefix": _("Use at most 20 letters and digits.")})
    start = f"{prefix.upper()}-" if prefix else ""
    return _add(actor, reward, [start + _generate() for _number in range(count)])[0]


def withdraw_code(actor: Profile | None, code: Code, *, reason: str = "") -> None:
    """Remove an unclaimed code. Raises PermissionDenied, Conflict when it is claimed."""
    actor = require_treasurer(actor)
    with transaction.atomic():
        locked = Code.objects.select_for_update().filter(pk=code.pk).first()
        if locked is None:
            return
        if locked.redemption_id is not None:
            raise Conflict(_("This code is already claimed, so it can’t be withdrawn."))
        locked.delete()
        record(
            "code.withdrawn",
            actor_id=actor.pk,
            target=f"reward:{code.reward_id}",
            after={"code": code.pk},
            reason=reason,
        )


def reseal() -> int:
    """Re-encrypt every code and shipping address after CODES_KEY changed.

    Return how many; safe to run twice.
    """
    done = 0
    for model, field in ((Code, "sealed"), (Order, "sealed_address")):
        last = 0
        while rows := list(
            model._default_manager.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
        ):
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


def _codes_of(text: str) -> list[str]:
    """Return the first column. Codes are never shortened or cleaned: a changed code would be worthless."""
    too_many = _("Add at most %(count)d codes at a time.") % {"count": CODES_AT_ONCE}
    if len(text) > TEXT_LIMIT:
        raise ValidationError({"codes": too_many})
    lines = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        codes = [code for row in lines if row and (code := row[0].strip())]
    except csv.Error as error:
        said = _("This isn’t a valid CSV file: check its quotation marks and line ends.")
        raise ValidationError({"codes": said}) from error
    if codes and codes[0].casefold() in ("code", "codes"):
        codes = codes[1:]
    if not codes:
        raise ValidationError({"codes": _("Add at least one code.")})
    if len(codes) > CODES_AT_ONCE:
        raise ValidationError({"codes": too_many})
    for number, code in enumerate(codes, 1):
        if len(code) > CODE_LENGTH:
            said = _("Code %(number)d is longer than %(limit)d characters.")
            raise ValidationError({"codes": said % {"number": number, "limit": CODE_LENGTH}})
        if not code.isprintable():
            said = _("Code %(number)d has characters that can’t be typed.")
            raise ValidationError({"codes": said % {"number": number}})
    return codes


def _add(actor: Profile | None, reward: Reward, texts: Iterable[str]) -> tuple[int, int]:
    """Encrypt and store codes. A code that any reward has, or had under an older key, is already known."""
    assert actor is not None
    if reward.kind != RewardKind.CREDIT:
        raise ValidationError({"codes": _("Only merch credits have codes.")})
    unique = list(dict.fromkeys(texts))
    with transaction.atomic():
        # Two uploads at once wait for each other here, so that both counts are right.
        Reward.objects.select_for_update(no_key=True).get(pk=reward.pk)
        before = Code.objects.filter(reward=reward).count()
        for start in range(0, len(unique), BATCH):
            _store(reward, unique[start : start + BATCH])
        added = Code.objects.filter(reward=reward).count() - before
        record("codes.added", actor_id=actor.pk, target=f"reward:{reward.pk}", after={"count": added})
    return added, len(unique) - added


def _store(reward: Reward, texts: list[str]) -> None:
    prints = {text: fingerprints(text) for text in texts}
    every = [one for found in prints.values() for one in found]
    known = set(Code.objects.filter(fingerprint__in=every).values_list("fingerprint", flat=True))
    rows = [
        Code(reward=reward, sealed=seal(text), fingerprint=found[0])
        for text, found in prints.items()
        if known.isdisjoint(found)
    ]
    Code.objects.bulk_create(rows, ignore_conflicts=True)


def _generate() -> str:
    return "-".join(
        "".join(secrets.choice(ALPHABET) for _place in range(GROUP_LENGTH)) for _group in range(GROUPS)
    )
