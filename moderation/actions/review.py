"""The queue's decisions: show, show and trust, turn down; each can be taken back, and the filter learns from each.

Locking contract: the thread, the post, the profile; then the words that are learned; the log last.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.audit import record
from forums.actions import holding
from forums.actions.changing import locked_post, outdate
from forums.models import Post, Thread
from forums.notifications import notify_decision
from moderation.actions import posts, threads
from moderation.models import Assessment, Decision
from moderation.spam import check, learning
from moderation.spam.text import read, tokens
from profiles.models import Profile
from profiles.models.profile import Trust

LEARNED = frozenset({Decision.CLEAN, Decision.SPAM})


def approve_post(actor: Profile | None, post: Post, *, trust: bool = False, reason: str = "") -> Post:
    """Show a post that waits, and with `trust` let its author's texts through from now on."""
    actor = threads.require_team(actor)
    with transaction.atomic():
        post, thread = _locked(actor, post)
        if post.held_at is None and post.held_for is None and not trust:
            return _decide(actor, post, thread, Decision.CLEAN)
        if post.held_at is not None or post.held_for is not None:
            holding.release(post, thread, actor=actor)
            _decide(actor, post, thread, Decision.CLEAN)
            _tell(actor, "approved", post, thread, reason)
            record(
                "post.approved",
                **_facts(actor, post, thread, reason),
                before={"held": True},
                after={"held": False},
            )
            outdate(thread)
        if trust:
            set_trust(actor, post.author, Trust.TRUSTED, reason=reason)
    return post


def turn_down_post(actor: Profile | None, post: Post, *, spam: bool = False, reason: str = "") -> Post:
    """Keep a post that waits out of sight, or take one out of sight that should have waited."""
    actor = threads.require_team(actor)
    decision = Decision.SPAM if spam else Decision.UNFIT
    with transaction.atomic():
        post, thread = _locked(actor, post)
        if post.held_at is None:
            if _is_shown(post, thread):
                _hide(actor, post, thread, reason)
            return _decide(actor, post, thread, decision)
        holding.turn_down(post, thread, actor=actor)
        _decide(actor, post, thread, decision)
        if not spam:  # who advertises learns nothing from us
            _tell(actor, "turned-down", post, thread, reason)
        facts = _facts(actor, post, thread, reason)
        record(
            "post.turned-down",
            **facts,
            before={"held": True},
            after={"held": False, "decision": str(decision)},
        )
        outdate(thread)
    return post


def review_again(actor: Profile | None, post: Post, *, reason: str = "") -> Post:
    """Undo `turn_down_post`: the post waits again, and what was learned is forgotten."""
    actor = threads.require_team(actor)
    with transaction.atomic():
        post, thread = _locked(actor, post)
        if post.held_at is not None:
            return post
        if post.held_for is None:
            raise ValidationError(_("This post was never in review. Unhide it instead."))
        holding.wait_again(post, thread)
        _decide(actor, post, thread, "")
        record(
            "post.reopened",
            **_facts(actor, post, thread, reason),
            before={"held": False},
            after={"held": True},
        )
        outdate(thread)
    return post


def set_trust(actor: Profile | None, profile: Profile, trust: str, *, reason: str = "") -> Profile:
    """Set the trust level, which decides whether a member’s posts are reviewed first."""
    actor = threads.require_team(actor)
    if trust not in Trust.values:
        raise ValidationError({"trust": _("Choose a trust level from the list.")})
    if actor.pk == profile.pk:
        raise PermissionDenied(_("You can’t change your own trust level."))
    with transaction.atomic():
        profile = Profile.objects.select_for_update(of=("self",)).get(pk=profile.pk)
        if profile.trust == trust:
            return profile
        before, profile.trust = profile.trust, trust
        profile.save(update_fields=["trust"])
        record(
            "profile.trust-set", actor_id=actor.pk, target=f"profile:{profile.pk}", before={"trust": before},
            after={"trust": trust}, reason=reason,
        )  # fmt: skip
    return profile


def _locked(actor: Profile, post: Post) -> tuple[Post, Thread]:
    if post.author_id == actor.pk:
        raise PermissionDenied(_("Another moderator reviews your own posts."))
    post = locked_post(post)
    return post, post.thread


def _is_shown(post: Post, thread: Thread) -> bool:
    return not (post.hidden_at or post.deleted_at or (post.number == 1 and thread.hidden_at))


def _hide(actor: Profile, post: Post, thread: Thread, reason: str) -> None:
    if post.number == 1:
        threads.hide_thread(actor, thread, reason=reason)
    else:
        posts.hide_post(actor, post, reason=reason)


def _decide(actor: Profile, post: Post, thread: Thread, decision: str) -> Post:
    """Write the decision beside the last look, and learn from it. The same decision again changes nothing."""
    words = read(thread.subject if post.number == 1 else "", post.body_html)
    look = Assessment.objects.select_for_update(of=("self",)).filter(post=post).order_by("-id").first()
    if look is None:
        held = post.held_for or {}
        facts = {"kind": held.get("kind", ""), "reasons": list(held.get("reasons", [])), **check.look(words)}
        look = Assessment.objects.create(post=post, author=post.author, **facts)
    if look.decision == decision:
        return post
    if look.decision in LEARNED:
        learning.learn(look.tokens, spam=look.decision == Decision.SPAM, by=-1)
    look.tokens = tokens(words) if decision in LEARNED else []
    look.decision, look.decided_at, look.decided_by = (
        decision,
        timezone.now() if decision else None,
        actor if decision else None,
    )
    look.save(update_fields=["tokens", "decision", "decided_at", "decided_by"])
    if decision in LEARNED:
        learning.learn(look.tokens, spam=decision == Decision.SPAM)
    return post


def _tell(actor: Profile, what: str, post: Post, thread: Thread, reason: str) -> None:
    notify_decision(actor, f"{'thread' if post.number == 1 else 'post'}.{what}", thread, post, reason=reason)


def _facts(actor: Profile, post: Post, thread: Thread, reason: str) -> dict[str, Any]:
    return {"actor_id": actor.pk, "target": f"post:{post.pk}", "reason": reason, "title": thread.subject}
