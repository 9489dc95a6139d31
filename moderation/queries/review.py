"""The review queue, what new members wrote lately, and how well the score and the filter do."""

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
    "topic": _("Its topic shows texts after review"),
    "failed": _("A check of it failed"),
    "trap": _("A field that people do not see was filled in"),
    "links": _("More links than new members may send"),
    "images": _("More images than new members may send"),
    "mentions": _("Mentions more people than new members may"),
    "everybody": _("New members sent very much in this hour"),
    "score": _("It reads like advertising"),
    "filter": _("The learning filter is sure that it is advertising"),
    "like spam": _("Nearly the same as advertising that was turned down"),
    "repeat": _("Nearly the same was sent elsewhere by a new member"),
}


@dataclass
class Item:
    """A text in the queue, and what was thought of it."""

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
    """Return the posts that wait for review, the longest waiting first."""
    return Post.objects.filter(held_at__isnull=False, deleted_at=None, thread__deleted_at=None).order_by(
        "held_at", "id"
    )


def recent() -> QuerySet[Post]:
    """Return new members' shown posts that nobody judged yet, newest first."""
    looks = Assessment.objects.filter(newcomer=True, decision="").values("post")
    return (
        Post.objects.shown()
        .filter(pk__in=looks, thread__hidden_at=None, thread__deleted_at=None)
        .order_by("-id")
    )


def page_of(posts: QuerySet[Post], number: str) -> tuple[Page, list[Item]]:
    """Return one page of posts with what was thought of each: three queries, however many posts."""
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
    """How often a rule was right about texts that moderators judged."""

    caught: int
    false_alarms: int
    missed: int
    passed: int

    @property
    def precision(self) -> int | None:
        """Of what it would hold, the percentage that is advertising."""
        return _percent(self.caught, self.caught + self.false_alarms)

    @property
    def recall(self) -> int | None:
        """Of all advertising, the percentage that it would hold."""
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
    """Return the learned words that say most, of those that stood in five texts or more."""
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
