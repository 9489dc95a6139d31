"""The thread page: one thread, the posts of one of its pages, and what the viewer may do with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields.array import ArrayLenTransform
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat, JSONObject
from django.utils.translation import gettext as _

from community.lib.markdown import excerpt, plain_text
from community.lib.prepared import Prepared
from forums import permissions
from forums.models import (
    Draft,
    MeToo,
    Post,
    RelatedThreads,
    ReplyMove,
    Resolution,
    Thread,
    ThreadRead,
    ThreadSlug,
    ThreadSubscription,
    Vote,
)
from forums.models.thread import POSTS_PER_PAGE
from profiles.models import Profile, Role
from profiles.models.profile import initials
from profiles.permissions import is_moderator

PEOPLE = 8
MOVES_SHOWN = 5
CHOICES = 20  # replies an asker chooses the solution from
COLLAPSE_FROM = 8  # replies on a one-page thread beyond which its middle is folded
KEEP_FIRST, KEEP_LAST, FOLD_AT_LEAST = 3, 2, 3
POST_VALUES = (
    "id", "number", "body_html", "created_at", "edited_at", "vote_count", "hidden_at", "deleted_at", "held_at", "is_comment",
    "by_team",
    "reply_to__number", "author_id", "author__name", "author__avatar", "author__tone", "author__level", "author__role",
    "author__team__name", "author__team__slug", "author__deactivated_at", "author__is_bot",
)  # fmt: skip


@dataclass(slots=True)
class PostView:
    """A post as the page shows it: a slim row, not a model."""

    thread: Thread
    id: int
    number: int
    html: str
    created_at: datetime
    edited_at: datetime | None
    votes: int
    hidden_at: datetime | None
    deleted_at: datetime | None
    held_at: datetime | None
    is_comment: bool
    by_team: bool
    reply_to: int | None
    author_id: int
    author_name: str
    avatar: str
    tone: int
    level: int
    role: str
    team_name: str | None
    team_slug: str | None
    former: datetime | None
    is_bot: bool
    voted: bool = False
    is_asker: bool = False
    is_solution: bool = False
    may_vote: bool = False
    may_edit: bool = False
    may_delete: bool = False
    may_solve: bool = False
    may_hide: bool = False

    @property
    def avatar_url(self) -> str:
        return f"{settings.MEDIA_URL}{self.avatar}" if self.avatar else ""

    @property
    def initials(self) -> str:
        return initials(self.author_name)

    @property
    def summary(self) -> str:
        """The beginning of the text, for where the whole is shown above."""
        return excerpt(plain_text(self.html), 280)

    @property
    def role_label(self) -> str:
        return {Role.CHAMPION: _("Champion"), Role.MODERATOR: _("Moderator"), Role.ADMIN: _("Moderator")}.get(
            Role(self.role), ""
        )


@dataclass
class Segment:
    """A run of replies; a folded one opens on a press."""

    posts: list[PostView]
    folded: bool = False


@dataclass
class ThreadView:
    """Everything the thread page shows."""

    thread: Thread
    question: PostView
    solution: PostView | None
    segments: list[Segment]
    page: int
    pages: int
    subscribed: bool = False
    me_too: bool = False
    new_from: int | None = None
    flags: dict[str, bool | str | None] = field(default_factory=dict)

    @property
    def posts(self) -> Iterable[PostView]:
        for segment in self.segments:
            yield from segment.posts


def find_thread(slug: str, viewer: Profile | None) -> tuple[Thread | None, str | None]:
    """Return (thread, None), or (None, the slug it has now) for an old permalink, or (None, None).

    A member's thread carries `seen`, `subscribed`, `me_too` and `draft`, found in the same query.
    """
    given = {} if viewer is None else {"viewer_id": viewer.pk}
    thread = _thread_query(_role(viewer)).first(slug=slug, **given)
    if thread is not None:
        return thread, None
    moved = ThreadSlug.objects.filter(slug=slug, thread__in=Thread.objects.visible_to(viewer)).values_list(
        "thread__slug", flat=True
    )
    return None, moved.first()


def _role(viewer: Profile | None) -> str:
    """Return the role that counts now, which is the shape of what the viewer may read."""
    if viewer is None:
        return ""
    return Role.MEMBER if viewer.role_waits else viewer.role


def _moves_to_show() -> QuerySet[ReplyMove, Any]:
    """Where replies of the thread went, as {slug, subject, count}; only threads that everybody sees."""
    moves = ReplyMove.objects.filter(
        source=OuterRef("pk"), undone_at=None, into__hidden_at=None, into__deleted_at=None
    )
    facts = JSONObject(slug="into__slug", subject="into__subject", count=ArrayLenTransform("post_ids"))
    return moves.order_by("pk").values_list(facts)[:MOVES_SHOWN]


@cache
def _thread_query(role: str) -> Prepared:
    def build(slug: str, viewer_id: int | None = None) -> QuerySet[Thread]:
        viewer = Profile(pk=viewer_id, role=role) if role else None
        like = RelatedThreads.objects.filter(pk=OuterRef("pk"))
        threads = Thread.objects.visible_to(viewer).select_related("topic__group", "author").filter(slug=slug)
        threads = threads.annotate(
            related_ids=Subquery(like.values("ids")),
            related_at=Subquery(like.values("made_at")),
            moved=ArraySubquery(_moves_to_show()),
        )
        if viewer_id is None:
            return threads
        mine = {"profile_id": viewer_id, "thread": OuterRef("pk")}
        key = Concat(Value("thread:"), Cast(OuterRef("pk"), TextField()))
        return threads.annotate(
            seen=Subquery(ThreadRead.objects.filter(**mine).values("number")[:1]),
            subscribed=Exists(ThreadSubscription.objects.filter(**mine, muted_at=None)),
            me_too=Exists(MeToo.objects.filter(**mine)),
            asked=Exists(Resolution.objects.filter(thread=OuterRef("pk"), answered_at=None)),
            draft=Subquery(Draft.objects.filter(profile_id=viewer_id, key=key).values("body")[:1]),
        )

    return Prepared(build)


def page_count(thread: Thread) -> int:
    """Return how many pages the thread has: by stored numbers, so nothing is counted."""
    return max(1, (thread.last_number - 2) // POSTS_PER_PAGE + 1)


def thread_page(thread: Thread, viewer: Profile | None, page: int) -> ThreadView:
    """Assemble page `page` of a thread: one query, however many posts it has."""
    pages = page_count(thread)
    page = min(max(1, page), pages)
    first = (page - 1) * POSTS_PER_PAGE + 2
    given = {"thread_id": thread.pk, "first": first, "last": first + POSTS_PER_PAGE - 1}
    if thread.solution_id and page == 1:
        given["solution_id"] = thread.solution_id
    if viewer is not None:
        given["viewer_id"] = viewer.pk
    posts = [_view(values, thread) for values in _posts_query(_role(viewer))(**given)]
    question = posts.pop(0)
    solution = next((post for post in posts if post.is_solution), None)
    replies = [post for post in posts if first <= post.number < first + POSTS_PER_PAGE]
    view = ThreadView(thread, question, solution if page == 1 else None, _fold(replies, pages), page, pages)
    _flags(view, viewer)
    if viewer is not None:
        _add_viewer(view, viewer)
    return view


@dataclass(frozen=True)
class Person:
    """Somebody who took part."""

    id: int
    name: str
    initials: str
    tone: int
    avatar_url: str
    is_team: bool


def people_of(view: ThreadView) -> list[Person]:
    """Return who wrote what the page shows, asker first: from the posts at hand, without a query."""
    people: dict[int, Person] = {}
    for post in [view.question, *view.posts]:
        if post.author_id not in people and len(people) < PEOPLE:
            people[post.author_id] = Person(
                post.author_id,
                post.author_name,
                post.initials,
                post.tone,
                post.avatar_url,
                bool(post.team_name),
            )
    return list(people.values())


@dataclass(frozen=True)
class Choice:
    """A reply the asker may choose as the solution."""

    id: int
    name: str
    url: str
    created_at: datetime
    summary: str


def helper_replies(thread: Thread, viewer: Profile) -> list[Choice]:
    """Return the newest replies of others that `viewer`, the asker, may choose from, oldest first."""
    posts = Post.objects.visible_to(viewer).shown().filter(thread=thread, number__gt=1, is_comment=False)
    newest = posts.exclude(author=thread.author_id).select_related("author").order_by("-number")[:CHOICES]
    found = []
    for post in newest:
        post.thread = thread
        name = post.author.name or _("Former member")
        found.append(
            Choice(
                post.pk,
                name,
                post.get_absolute_url(),
                post.created_at,
                excerpt(plain_text(post.body_html), 280),
            )
        )
    return found[::-1]


@cache
def _posts_query(role: str) -> Prepared:
    def build(
        thread_id: int, first: int, last: int, solution_id: int | None = None, viewer_id: int | None = None
    ) -> QuerySet[Post, tuple[Any, ...]]:
        viewer = Profile(pk=viewer_id, role=role) if role else None
        wanted = Q(number=1) | Q(number__range=(first, last))
        if solution_id is not None:
            wanted |= Q(pk=solution_id)
        posts = Post.objects.on_page_of(viewer).filter(wanted, thread_id=thread_id).order_by("number")
        if viewer_id is None:
            return posts.values_list(*POST_VALUES)
        voted = Exists(Vote.objects.filter(post=OuterRef("pk"), profile_id=viewer_id))
        return posts.annotate(voted=voted).values_list(*POST_VALUES, "voted")

    return Prepared(build)


def _view(values: tuple, thread: Thread) -> PostView:  # type: ignore[type-arg]
    post = PostView(thread, *values)
    post.is_asker = post.author_id == thread.author_id and post.number > 1
    post.is_solution = post.id == thread.solution_id
    if post.former:
        post.author_name = post.author_name or _("Former member")
    return post


def _fold(replies: list[PostView], pages: int) -> list[Segment]:
    if pages > 1 or len(replies) <= COLLAPSE_FROM:
        return [Segment(replies)] if replies else []
    segments: list[Segment] = []
    for place, post in enumerate(replies):
        middle = KEEP_FIRST <= place < len(replies) - KEEP_LAST
        folded = middle and not (post.is_solution or post.by_team or post.team_name)
        if not segments or segments[-1].folded != folded:
            segments.append(Segment([], folded))
        segments[-1].posts.append(post)
    for segment in segments:
        segment.folded = segment.folded and len(segment.posts) >= FOLD_AT_LEAST
    return segments


def _flags(view: ThreadView, viewer: Profile | None) -> None:
    thread = view.thread
    view.flags = {
        "why_no_reply": permissions.why_not_reply(viewer, thread),
        "may_edit_thread": permissions.why_not_edit_thread(viewer, thread) is None,
        "may_delete_thread": permissions.why_not_delete_thread(viewer, thread) is None,
        "may_solve": permissions.may_choose_solution(viewer, thread),
        "may_moderate": permissions.may_moderate(viewer),
        "is_team": is_moderator(viewer),
        "is_mine": viewer is not None and thread.author_id == viewer.pk,
        "ask_if_solved": False,
    }


def _add_viewer(view: ThreadView, viewer: Profile) -> None:
    thread = view.thread
    posts = [view.question, *view.posts, *([view.solution] if view.solution else [])]
    permissions.set_post_rights(viewer, posts)
    view.flags["ask_if_solved"] = bool(view.flags["is_mine"] and thread.asked and not thread.solution_id)  # type: ignore[attr-defined]
    seen, view.subscribed, view.me_too = thread.seen, thread.subscribed, thread.me_too  # type: ignore[attr-defined]
    view.new_from = seen + 1 if seen is not None and seen < thread.last_number else None
    view.flags["unread"] = seen is None or seen < thread.last_number
