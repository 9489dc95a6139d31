"""What can be reported: posts, threads and profiles, named by their source key."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404
from django.utils.translation import gettext as _

from community.lib.markdown import excerpt, plain_text
from forums.models import Post, Thread
from profiles.models import Profile

KINDS = ("post", "thread", "profile")
EXCERPT = 2000


@dataclass(frozen=True)
class ReportTarget:
    """A post, thread or profile that can be reported, as it is now."""

    source_key: str
    title: str
    url: str
    author: Profile
    excerpt: str
    post: Post | None = None
    thread: Thread | None = None

    @property
    def is_hidden(self) -> bool:
        """Whether guests can’t see it."""
        hidden = self.post.hidden_at or self.post.deleted_at if self.post else None
        return bool(
            hidden or (self.thread and not self.post and (self.thread.hidden_at or self.thread.deleted_at))
        )


def find_target(kind: str, pk: int, viewer: Profile | None) -> ReportTarget:
    """Return what `viewer` sees under this kind and id. Raises Http404. The opening post is its thread."""
    if kind == "profile":
        profile = Profile.objects.visible_to(viewer).filter(pk=pk).first()
        if profile is not None:
            return _profile(profile)
    if kind == "thread":
        thread = Thread.objects.visible_to(viewer).select_related("author").filter(pk=pk).first()
        if thread is not None:
            return _thread(thread)
    if kind == "post":
        post = (
            Post.objects.visible_to(viewer).select_related("thread__author", "author").filter(pk=pk).first()
        )
        if post is not None:
            return _thread(post.thread, post) if post.number == 1 else _post(post)
    raise Http404


def current_target(source_key: str) -> ReportTarget | None:
    """Return a reported target for the team, whatever became of it; None when it is gone."""
    kind, _colon, pk = source_key.partition(":")
    if kind not in KINDS or not pk.isdecimal():
        return None
    if kind == "profile":
        profile = Profile.objects.filter(pk=pk).first()
        return _profile(profile) if profile else None
    if kind == "thread":
        thread = Thread.objects.select_related("author").filter(pk=pk).first()
        return _thread(thread) if thread else None
    post = Post.objects.select_related("thread", "author").filter(pk=pk).first()
    return _post(post) if post else None


def _profile(profile: Profile) -> ReportTarget:
    title = _("%(name)s’s profile") % {"name": profile.name}
    return ReportTarget(
        f"profile:{profile.pk}", title[:200], profile.get_absolute_url(), profile, profile.bio[:EXCERPT]
    )


def _thread(thread: Thread, opening: Post | None = None) -> ReportTarget:
    opening = opening or thread.posts.get(number=1)
    return ReportTarget(
        f"thread:{thread.pk}",
        thread.subject,
        thread.get_absolute_url(),
        thread.author,
        _words(opening),
        thread=thread,
    )


def _post(post: Post) -> ReportTarget:
    title = (_("A reply in “%(subject)s”") % {"subject": post.thread.subject})[:200]
    return ReportTarget(
        f"post:{post.pk}",
        title,
        post.get_absolute_url(),
        post.author,
        _words(post),
        post=post,
        thread=post.thread,
    )


def _words(post: Post) -> str:
    return excerpt(plain_text(post.body_html), EXCERPT)
