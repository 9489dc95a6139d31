"""The review queue, recent posts of new members, and the accuracy of spam score and filter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.paginator import Page
from django.db.models import F, FloatField, QuerySet
from django.db.models.functions import Abs, Ln
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from community.lib.adminpages import FewRowsPaginator
from forums.models import Post
from moderation.models import Assessment, Decision, SpamToken
from moderation.spam.score import HOLD_NEW
from profiles.models import Profile

PAGE = 20
JUDGED = 1000  # newest decisions that the figures count
FILTER_BAR = 0.95
REASONS: dict[str, str | Promise] = {
    "topic": _("This topic is pre-moderated"),
    "failed": _("A spam check failed"),
    "trap": _("A hidden form field was filled in"),
    "links": _("Too many links for a new member"),
    "images": _("Too many images for a new member"),
    "mentions": _("Too many mentions for a new member"),
    "everybody": _("Unusually many posts by new members this hour"),
    "score": _("High spam score"),
    "filter": _("The spam filter is sure that this is spam"),
    "like spam": _("Almost the same as a post marked as spam"),
    "repeat": _("Almost the same as another new member’s post"),
}


@dataclass
class Item:
    """A post in the queue with its spam assessment."""

    post: Post
    reasons: list[str | Promise]
    look: Assessment | None
    signs: list[tuple[str, str]] = field(default_factory=list)

    @property
    def author(self) -> Profile:
        return self.post.author

    @property
    def percent(self) -> int | None:
        return None if self.look is None or self.look.guess is None else round(100 * self.look.guess)


def waiting() -> QuerySet[Post]:
    """Return the posts awaiting approval, the oldest first."""
    return Post.objects.filter(held_at__isnull=False, deleted_at=None, thread__deleted_at=None).order_by(
        "held_at", "id"
    )


def recent() -> QuerySet[Post]:
    """Return new members’ visible posts that no moderator has judged, newest first."""
    looks = Assessment.objects.filter(newcomer=True, decision="").values("post")
    return (
        Post.objects.shown()
        .filter(pk__in=looks, thread__hidden_at=None, thread__deleted_at=None)
        .order_by("-id")
    )


def page_of(posts: QuerySet[Post], number: str) -> tuple[Page, list[Item]]:
    """Return one page of posts with their assessments: three queries, however many posts."""
    page = FewRowsPaginator(posts.select_related("thread__topic", "author"), PAGE).get_page(number)
    found = list(page.object_list)
    looks = {look.post_id: look for look in Assessment.objects.filter(post__in=found).order_by("id")}
    return page, [_item(post, looks.get(post.pk)) for post in found]


def _item(post: Post, look: Assessment | None) -> Item:
    names = (post.held_for or {}).get("reasons", []) if post.held_at else []
    signs = [(str(name), f"{weight:+g}") for name, weight in (look.signs if look else [])]
    return Item(post, [REASONS.get(name, name) for name in names], look, signs)


@dataclass(frozen=True)
class Figures:
    """How often a rule was right about posts that moderators judged."""

    caught: int
    false_alarms: int
    missed: int
    passed: int

    @property
    def precision(self) -> int | None:
        """Of what it would hold, the percentage that is spam."""
        return _percent(self.caught, self.caught + self.false_alarms)

    @property
    def recall(self) -> int | None:
        """Of all spam, the percentage that it would hold."""
        return _percent(self.caught, self.caught + self.missed)


def figures(*, bar: float = FILTER_BAR) -> dict[str, Figures]:
    """Return the figures of score and filter over the newest decisions. Each guess was made before its decision."""
    judged = Assessment.objects.filter(decision__in=[Decision.CLEAN, Decision.SPAM]).order_by("-decided_at")
    rows = list(judged.values_list("decision", "score", "guess")[:JUDGED])
    truth = [decision == Decision.SPAM for decision, _score, _guess in rows]
    by_score = [score >= HOLD_NEW for _decision, score, _guess in rows]
    by_filter = [
        (held, guess >= bar)
        for held, (_decision, _score, guess) in zip(truth, rows, strict=True)
        if guess is not None
    ]
    return {"score": _tally(zip(truth, by_score, strict=True)), "filter": _tally(by_filter)}


def telling_words(count: int = 20) -> list[SpamToken]:
    """Return the most telling learned words, of those in five posts or more."""
    often = SpamToken.objects.exclude(token="").annotate(times=F("spam") + F("clean")).filter(times__gte=5)
    ratio = Abs(Ln((F("spam") + 0.5) / (F("clean") + 0.5), output_field=FloatField()))
    return list(often.annotate(tells=ratio).order_by("-tells", "token")[:count])


def _tally(pairs: Iterable[tuple[bool, bool]]) -> Figures:
    found = list(pairs)
    return Figures(
        *(found.count(report) for report in ((True, True), (False, True), (True, False), (False, False)))
    )


def _percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None
