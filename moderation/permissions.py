"""Who may act on whom. Every refusal carries the sentence that is shown."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from community.lib.refusals import attempt
from forums.permissions import require_writer
from moderation.models import Appeal, Report, Sanction
from profiles.models import Profile, Role
from profiles.models.user import RANK
from profiles.permissions import is_moderator


def require_moderator(actor: Profile | None) -> Profile:
    """Return the profile of a moderator who may act; raise PermissionDenied otherwise."""
    actor = require_writer(actor)
    if not is_moderator(actor):
        raise PermissionDenied(_("Only moderators can do this."))
    return actor


def require_authority_over(actor: Profile | None, profile: Profile) -> Profile:
    """Return a moderator who may sanction `profile`: nobody sanctions themselves or somebody of a higher role.

    So only another admin sanctions an admin, who could undo a moderator's sanction and take their role.
    """
    actor = require_moderator(actor)
    if actor.pk == profile.pk:
        raise PermissionDenied(_("This is about you. Another moderator decides."))
    if RANK[Role(profile.role)] > RANK[Role(actor.role)]:
        raise PermissionDenied(
            _("%(name)s has a higher role than you. Ask an admin.") % {"name": profile.name}
        )
    return actor


def require_authority_in(actor: Profile | None, report: Report) -> Profile:
    """Return a moderator who may close a report without a sanction: it is neither about them nor their own.

    A report about an admin is no exception, or nobody could close one about the only admin: every moderator can hide any
    post anyway. A sanction takes `require_authority_over` besides.
    """
    actor = require_moderator(actor)
    if report.subject_id == actor.pk:
        raise PermissionDenied(_("This report is about you. Another moderator decides."))
    if report.complaints.filter(reporter__profile=actor).exists():
        raise PermissionDenied(_("You reported this yourself. Another moderator decides."))
    return actor


def why_not_decide(actor: Profile | None, report: Report) -> str:
    """Return why `actor` may not decide a report, or an empty string."""
    return attempt(require_authority_in, actor, report)


def require_judge(actor: Profile | None, appeal: Appeal) -> Profile:
    """Return a moderator who may decide an appeal: not the one who gave the sanction."""
    actor = require_authority_over(actor, appeal.sanction.profile)
    if appeal.sanction.given_by_id == actor.pk:
        raise PermissionDenied(_("You gave this sanction. Another moderator decides the appeal."))
    return actor


def may_act_on(actor: Profile | None, profile: Profile) -> bool:
    """Return whether `actor` may sanction `profile`."""
    return not attempt(require_authority_over, actor, profile)


def may_lift(actor: Profile | None, sanction: Sanction) -> bool:
    """Return whether `actor` may lift `sanction`."""
    return sanction.is_in_force and may_act_on(actor, sanction.profile)
