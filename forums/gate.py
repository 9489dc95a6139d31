"""Checks before a post is shown to others. Apps on the right add theirs in `ready`.

A check returns why the post awaits approval (an empty list: it is shown at once), or refuses it by raising
PermissionDenied, ValidationError or TooMany. A check that breaks never costs the person their post: it awaits
approval.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from community.lib.errors import TooMany
from community.lib.registry import Registry
from forums.models import Post, Thread, Topic
from profiles.models import Profile
from profiles.permissions import is_champion

logger = logging.getLogger(__name__)
THREAD, REPLY, EDIT = "thread", "reply", "edit"
TOPIC, FAILED = "topic", "failed"


@dataclass(frozen=True)
class Arrival:
    """How a post came in.

    `address` is the client that limits count by. Trapped or hasty: a program may have sent it.
    """

    channel: str = "page"
    address: str = ""
    trapped: bool = False
    hasty: bool = False


@dataclass(frozen=True)
class Submission:
    """A post to check: `html` is its rendering, `post` the one it changes (an edit)."""

    kind: str
    author: Profile
    topic: Topic
    body: str
    html: str
    subject: str = ""
    mentions: int = 0
    thread: Thread | None = None
    post: Post | None = None
    arrival: Arrival = field(default_factory=Arrival)


@dataclass(frozen=True)
class Verdict:
    """Codes of why a post awaits approval; `notes` is what the check stores about it."""

    reasons: list[str] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)


Check = Callable[[Submission], Verdict]
Keep = Callable[[Post, Submission, Verdict], None]
# Each check, and what it does with its verdict once the post has an id.
GATES: Registry[tuple[Check, Keep]] = Registry("gates")


@dataclass(frozen=True)
class Screening:
    """All verdicts on one post."""

    submission: Submission
    verdicts: list[tuple[Keep | None, Verdict]]

    @property
    def reasons(self) -> list[str]:
        return list(dict.fromkeys(reason for _keep, verdict in self.verdicts for reason in verdict.reasons))

    def marks(self, now: datetime) -> dict[str, Any]:
        """Return the fields of a post that awaits approval; none for one that is shown."""
        if not self.reasons:
            return {}
        return {
            "hidden_at": now,
            "held_at": now,
            "held_for": {"kind": self.submission.kind, "reasons": self.reasons},
        }

    def keep(self, post: Post) -> None:
        """Let each check store its verdict."""
        for keep, verdict in self.verdicts:
            if keep is not None:
                keep(post, self.submission, verdict)


def screen(submission: Submission) -> Screening:
    """Run every check, and ask the topic. Call it in the transaction that stores the post."""
    verdicts: list[tuple[Keep | None, Verdict]] = []
    if _topic_reviews(submission):
        verdicts.append((None, Verdict([TOPIC])))
    for check, keep in GATES:
        try:
            with transaction.atomic():
                verdicts.append((keep, check(submission)))
        except (PermissionDenied, ValidationError, TooMany):
            raise
        except Exception:
            logger.exception("A check of a new post failed: the post awaits approval.")
            verdicts.append((None, Verdict([FAILED])))
    return Screening(submission, verdicts)


def _topic_reviews(submission: Submission) -> bool:
    """Return whether the topic needs approval for such posts. Posts by champions and the team need none."""
    topic = submission.topic
    wanted = {THREAD: topic.review_threads, REPLY: topic.review_replies}.get(submission.kind, False)
    return wanted and not is_champion(submission.author)
