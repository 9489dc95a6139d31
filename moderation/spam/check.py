"""The check that every text of a member who is not trusted yet passes before it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from forums import gate
from forums.models import Post
from moderation.alerts import notify_of_waiting
from moderation.models import Assessment, Decision, FilterMode, SpamFilter
from moderation.spam import learning, limits, score
from moderation.spam.text import Text, likeness, read, tokens
from profiles.models.profile import Trust
from profiles.permissions import is_champion

YOUNG = timedelta(days=1)
COMPARE = 200  # recent texts a new one is compared with
COMPARE_FOR = timedelta(days=7)
ALIKE = 0.6  # a text with a few words changed is as much the same


def check(submission: gate.Submission) -> gate.Verdict:
    """Say why a text waits for a moderator. Raises TooMany when a new member sends too much at once."""
    author = submission.author
    if author.trust == Trust.TRUSTED or is_champion(author) or author.is_bot:
        return gate.Verdict()
    newcomer = limits.is_newcomer(author)
    if newcomer and submission.kind != gate.EDIT:
        limits.refuse_haste(submission)
    subject = submission.subject if submission.kind != gate.REPLY else ""
    text = read(subject, submission.html)
    young = timezone.now() - author.created_at < YOUNG
    notes = look(text, young=young, hasty=submission.arrival.hasty, guessing=newcomer)
    reasons = [
        *_manner(submission, text, newcomer),
        *_judgement(submission, notes),
        *_repeats(submission, text, newcomer),
    ]
    # What known members write without a single sign is not worth a row.
    worth = newcomer or reasons or notes["score"] > 0
    return gate.Verdict(reasons, {"newcomer": newcomer, **notes} if worth else {})


def keep(post: Post, submission: gate.Submission, verdict: gate.Verdict) -> None:
    """Write down what was thought, beside the post."""
    if verdict.notes:
        Assessment.objects.create(
            post=post,
            author=submission.author,
            kind=submission.kind,
            reasons=verdict.reasons,
            **verdict.notes,
        )


def pass_all(submission: gate.Submission) -> gate.Verdict:
    """Hold nothing: the gate of `notify_when_held`, which no failing check skips."""
    return gate.Verdict()


def notify_when_held(post: Post, submission: gate.Submission, verdict: gate.Verdict) -> None:
    """Tell moderators of a post that awaits approval, whatever held it."""
    notify_of_waiting(post)


def look(text: Text, *, young: bool = False, hasty: bool = False, guessing: bool = True) -> dict[str, Any]:
    """Return what an assessment keeps of a text. The filter is asked about new members, and where there is any sign."""
    found = score.signs(text, young=young, hasty=hasty)
    total = score.total(found)
    guess = learning.guess(tokens(text)) if guessing or total > 0 else None
    signs = [[sign.name, sign.weight] for sign in found]
    return {"score": total, "signs": signs, "guess": guess.chance if guess else None, "sketch": text.sketch}


def _manner(submission: gate.Submission, text: Text, newcomer: bool) -> list[str]:
    reasons = ["trap"] if submission.arrival.trapped else []
    if not newcomer:
        return reasons
    reasons += limits.too_much(links=len(text.links), images=text.images, mentions=submission.mentions)
    if submission.kind != gate.EDIT and limits.is_flood():
        reasons.append("everybody")
    return reasons


def _judgement(submission: gate.Submission, notes: dict[str, Any]) -> list[str]:
    """Hold by the score; an edit of what a moderator approved only where it got worse."""
    reasons = []
    bar = score.HOLD_KNOWN if limits.has_settled(submission.author) else score.HOLD_NEW
    if submission.post is not None:
        approved = (
            Assessment.objects.filter(post=submission.post, decision=Decision.CLEAN).order_by("-id").first()
        )
        bar = max(bar, approved.score + 0.01) if approved else bar
    if notes["score"] >= bar:
        reasons.append("score")
    if notes["guess"] is not None:
        rule = SpamFilter.objects.first() or SpamFilter()
        if rule.mode == FilterMode.ON and notes["guess"] >= rule.bar:
            reasons.append("filter")
    return reasons


def _repeats(submission: gate.Submission, text: Text, newcomer: bool) -> list[str]:
    """Hold a post almost the same as earlier spam, or as another new member’s post."""
    if not text.sketch:
        return []
    others = Assessment.objects.exclude(sketch=[])
    if submission.post is not None:
        others = others.exclude(post=submission.post)
    spam = others.filter(decision=Decision.SPAM).order_by("-decided_at")
    if _is_like(text.sketch, spam.values_list("sketch", flat=True)[:COMPARE], ALIKE):
        return ["like spam"]
    if newcomer:
        recent = others.filter(newcomer=True, created_at__gt=timezone.now() - COMPARE_FOR).order_by(
            "-created_at"
        )
        if _is_like(text.sketch, recent.values_list("sketch", flat=True)[:COMPARE], ALIKE):
            return ["repeat"]
    return []


def _is_like(sketch: Sequence[int], others: Any, bar: float) -> bool:
    return any(likeness(sketch, other) >= bar for other in others)
