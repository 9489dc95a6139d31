"""Set the mode of the spam filter."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from community.audit import record
from moderation.models import FilterMode, SpamFilter
from profiles.models import Profile
from profiles.permissions import require_admin


def set_filter(actor: Profile | None, *, mode: str, bar: str, reason: str = "") -> SpamFilter:
    """Set mode and threshold (0.5 to 1, as typed). Raises PermissionDenied or ValidationError."""
    require_admin(actor)
    assert actor is not None
    try:
        chance = float(bar)
    except ValueError:
        chance = 0.0
    if mode not in FilterMode.values:
        raise ValidationError({"mode": _("Choose a mode from the list.")})
    if not 0.5 <= chance <= 1:
        raise ValidationError({"bar": _("Enter a number from 0.5 to 1.")})
    with transaction.atomic():
        SpamFilter.objects.get_or_create(pk=1)
        rule = SpamFilter.objects.select_for_update().get(pk=1)
        before = {"mode": rule.mode, "bar": rule.bar}
        rule.mode, rule.bar = mode, chance
        rule.save()
        after = {"mode": rule.mode, "bar": rule.bar}
        if after != before:
            record(
                "spam-filter.set",
                actor_id=actor.pk,
                target="spam-filter:1",
                before=before,
                after=after,
                reason=reason,
            )
    return rule
