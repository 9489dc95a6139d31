"""Appeals: one per sanction, also while banned; decided by a moderator who did not give the sanction."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.audit import record
from community.lib.errors import Conflict
from community.lib.tasks import enqueue
from moderation import validation
from moderation.actions.sanctions import lift
from moderation.alerts import close_alerts, notify_of_appeal
from moderation.models import Appeal, AppealOutcome, Sanction
from moderation.permissions import require_judge
from profiles.models import Profile

ANSWER_WITHIN = timedelta(days=3)


def appeal(given: Sanction, *, text: str) -> Appeal:
    """Appeal a sanction, once. The token of the e-mail stands for the member. Raises Conflict the second time."""
    text = validation.clean(text, "text", validation.APPEAL_LIMIT, required=True)
    if not given.is_in_force:
        raise Conflict(_("This sanction is no longer in force, so there is nothing to appeal."), code="over")
    try:
        with transaction.atomic():
            made = Appeal.objects.create(sanction=given, text=text, due_at=timezone.now() + ANSWER_WITHIN)
            notify_of_appeal(made)
            record(
                "appeal.made",
                actor_id=given.profile_id,
                target=f"profile:{given.profile_id}",
                after={"sanction": given.pk},
            )
    except IntegrityError as error:
        raise Conflict(
            _("You have already appealed. We will answer you by e-mail."), code="appealed"
        ) from error
    return made


def decide_appeal(actor: Profile | None, made: Appeal, *, outcome: str, answer: str) -> Appeal:
    """Reject an appeal, or accept it and lift the sanction. Raises Conflict when it is already decided."""
    actor = require_judge(actor, made)
    if outcome not in AppealOutcome.values:
        raise ValidationError({"outcome": _("Choose whether to accept or reject the appeal.")})
    answer = validation.clean(answer, "answer", validation.EXPLANATION_LIMIT, required=True)
    with transaction.atomic():
        made = (
            Appeal.objects.select_for_update(of=("self",)).select_related("sanction__profile").get(pk=made.pk)
        )
        if made.decided_at is not None:
            raise Conflict(_("This appeal is already decided."), code="decided")
        made.decided_at, made.decided_by, made.outcome, made.answer = timezone.now(), actor, outcome, answer
        made.save(update_fields=["decided_at", "decided_by", "outcome", "answer"])
        if outcome == AppealOutcome.LIFTED and made.sanction.is_in_force:
            lift(actor, made.sanction_id, reason=answer)
        close_alerts(f"appeal:{made.pk}")
        record(
            "appeal.decided", actor_id=actor.pk, target=f"profile:{made.sanction.profile_id}", reason=answer,
            after={"sanction": made.sanction_id, "outcome": outcome},
        )  # fmt: skip
        from moderation.tasks import notify_appeal_decided

        enqueue(notify_appeal_decided, made.pk, queue="mail")
    return made
