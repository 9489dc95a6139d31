"""Effects of sanctions on posts and votes, and undoing them: one per transaction, so the work can stop and resume.

A ban may hide or remove all that somebody wrote; every sanction may hide the post that was reported (in its own transaction, by
`reports.close_report`). Lifting undoes all of it; the end of a ban's term undoes all but the reported post.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from forums.actions.earnings import settle_earnings_of
from forums.models import Post, Thread
from moderation import vote_withdrawal
from moderation.actions.posts import set_post_hidden
from moderation.actions.reports import has_enough_reporters
from moderation.actions.threads import set_thread_hidden
from moderation.models import Content, Effect, Outcome, Report, Sanction
from profiles.models import Profile

BATCH = 200


def settle(sanction_id: int, *, at_most: int | None = None) -> bool:
    """Apply a sanction’s effects, or undo them when it is lifted or expired. Returns whether it is finished."""
    given = Sanction.objects.select_related("profile", "report").get(pk=sanction_id)
    if given.effects_at is not None:
        return True
    work = _withdraw(given) if given.is_in_force else _restore(given)
    for done, _key in enumerate(work, start=1):
        if at_most is not None and done >= at_most:
            return False
    if given.is_ban:
        settle_earnings_of(
            Profile.objects.select_related("user").get(pk=given.profile_id), actor=given.given_by
        )
    Sanction.objects.filter(pk=given.pk, lifted_at=given.lifted_at, effects_at=None).update(
        effects_at=timezone.now()
    )
    return True


def is_removed(source_key: str) -> bool:
    """Return whether a ban in force removed the target: its page answers 410 instead of 404."""
    rows = Effect.objects.filter(
        source_key=source_key, sanction__content=Content.REMOVED, sanction__lifted_at=None
    )
    return rows.filter(sanction__in=Sanction.objects.in_force()).exists()


def _withdraw(given: Sanction) -> Iterator[str]:
    """Hide posts and remove votes, yielding the key of each. Threads first, because their pages are cached for guests."""
    if given.content != Content.KEPT:
        yield from _hide_each(given, "thread", Thread)
        yield from _hide_each(given, "post", Post)
    if given.content == Content.REMOVED and _once(given, f"profile:{given.profile_id}"):
        Profile.objects.filter(pk=given.profile_id, deactivated_at=None).update(deactivated_at=timezone.now())
    if given.drop_votes:
        last = 0
        while posts := vote_withdrawal.voted_posts(given.profile_id, last, BATCH):
            for last in posts:
                key = f"vote:{last}"
                with transaction.atomic():
                    if _still(given, in_force=True) and vote_withdrawal.remove_vote(given.profile, last):
                        Effect.objects.get_or_create(sanction=given, source_key=key)
                yield key


def _hide_each(given: Sanction, kind: str, model: type[Thread] | type[Post]) -> Iterator[str]:
    rows = model._default_manager.filter(author=given.profile_id, hidden_at=None)
    rows = rows.filter(number__gt=1) if kind == "post" else rows
    last = 0
    while found := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        for thing in found:
            last, key = thing.pk, f"{kind}:{thing.pk}"
            with transaction.atomic():
                if _still(given, in_force=True):
                    Effect.objects.get_or_create(sanction=given, source_key=key)
                    _set_hidden(given, key, hidden=True)
            yield key


def _restore(given: Sanction) -> Iterator[str]:
    """Undo the effects of this sanction one by one, each with its row."""
    rows = Effect.objects.filter(sanction=given).order_by("pk")
    if given.lifted_at is None:  # its term is over: the reported post stays hidden
        rows = rows.exclude(source_key=given.key_of_reported)
    while found := list(rows[:BATCH]):
        for effect in found:
            with transaction.atomic():
                _still(given, in_force=False)
                if Effect.objects.filter(pk=effect.pk).delete()[0]:
                    _bring_back(given, effect.source_key)
            yield effect.source_key


def _bring_back(given: Sanction, key: str) -> None:
    name, _colon, pk = key.partition(":")
    if name in ("thread", "post"):
        if not _stays_hidden(given, key):
            _set_hidden(given, key, hidden=False)
    elif name == "profile":
        Profile.objects.filter(pk=pk).update(deactivated_at=None)
    elif name == "vote":
        vote_withdrawal.restore_vote(given.profile, int(pk))


def _stays_hidden(given: Sanction, key: str) -> bool:
    """Return whether another sanction or report also hides the target."""
    kind, _colon, pk = key.partition(":")
    if Effect.objects.of_sanctions().filter(source_key=key).exists():
        return True
    ban = (
        Sanction.objects.in_force()
        .filter(profile=given.profile_id)
        .exclude(content=Content.KEPT)
        .order_by("pk")
        .first()
    )
    model = Thread if kind == "thread" else Post
    thing = (
        model._default_manager.filter(pk=pk, hidden_at__isnull=False).values("author_id", "hidden_at").first()
    )
    if thing is None:
        return True
    if ban is not None and thing["author_id"] == given.profile_id:
        return _once(ban, key)
    reports = Report.objects.filter(source_key=key)
    if reports.filter(outcome=Outcome.HIDDEN, decided_at__gte=thing["hidden_at"]).exists():
        return True
    waiting = reports.open().select_for_update(of=("self",)).first()
    if waiting is None or not has_enough_reporters(waiting):
        return False
    model._default_manager.filter(pk=pk).update(hidden_by=None)
    Report.objects.filter(pk=waiting.pk).update(hidden_at=timezone.now())
    return True


def _set_hidden(given: Sanction, key: str, *, hidden: bool) -> None:
    """Hide or unhide. Posts awaiting approval, or rejected, are unhidden by the review only."""
    kind, _colon, pk = key.partition(":")
    actor, reason = (given.given_by, "") if hidden else (given.lifted_by, given.lift_reason)
    try:
        if kind == "thread" and (thread := Thread.objects.filter(pk=pk).first()):
            set_thread_hidden(actor, thread, hidden=hidden, reason=reason, quietly=True)
        elif kind == "post" and (post := Post.objects.filter(pk=pk).first()):
            set_post_hidden(actor, post, hidden=hidden, reason=reason, quietly=True)
    except PermissionDenied:
        if hidden:
            raise


def _once(given: Sanction, key: str) -> bool:
    return Effect.objects.get_or_create(sanction=given, source_key=key)[1]


def _still(given: Sanction, *, in_force: bool) -> bool:
    """Lock the sanction, so that it is not lifted meanwhile. Returns whether it still is (or is not) in force."""
    return Sanction.objects.select_for_update(of=("self",)).get(pk=given.pk).is_in_force == in_force
