"""What the forum forgets of a person whose account is deleted, and what it hands out to one who asks for
their data.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from community.audit.actions import erase_words, erase_words_naming
from forums import bodies
from forums.actions.changing import changing, locked
from forums.actions.uploads import remove_files
from forums.models import (
    Draft,
    Mention,
    PendingPost,
    Post,
    ReceivedMail,
    Revision,
    SearchMiss,
    Thread,
    ThreadRead,
    ThreadSlug,
    ThreadSubscription,
    TopicSubscription,
    Upload,
    Vote,
)
from points.models import TransactionDetail
from profiles.models import Profile
from profiles.privacy.account import whole_names
from profiles.registries import ExportFile

BATCH = 500


def erase_forum_traces(profile: Profile, keep_posts: bool) -> None:
    """Forget drafts, subscriptions and what was read, and the handle in others' posts; the posts too unless
    they are kept.
    """
    for model in (Draft, ThreadRead, ThreadSubscription, TopicSubscription):
        model._default_manager.filter(profile=profile).delete()
    PendingPost.objects.filter(claimed_by=profile).delete()
    ReceivedMail.objects.filter(profile=profile).delete()
    for name in whole_names(profile):
        SearchMiss.objects.filter(words__icontains=name).delete()
    _forget_reasons(profile)
    for thread_id in _threads_with(profile, keep_posts):
        with transaction.atomic():
            _forget_in(profile, thread_id, keep_posts)
    uploads = Upload.objects.filter(owner=profile)
    for upload in uploads.filter(posts=None) if keep_posts else uploads:
        remove_files(upload)
        upload.delete()
    uploads.update(owner=None)


def _forget_reasons(profile: Profile) -> None:
    """Forget reasons that others gave for changing the person's posts, and in the log those that call them by
    name.
    """
    Revision.objects.filter(post__author=profile).exclude(reason="").update(reason="")
    user = profile.user
    names = {profile.handle, *profile.name.split(), *(user.get_full_name().split() if user else ())}
    posts = [f"post:{pk}" for pk in Post.objects.filter(author=profile).values_list("pk", flat=True)]
    threads = [f"thread:{pk}" for pk in Thread.objects.filter(author=profile).values_list("pk", flat=True)]
    targets = [*posts, *threads]
    for first in range(0, len(targets), BATCH):
        erase_words_naming(names, targets=targets[first : first + BATCH])


def _threads_with(profile: Profile, keep_posts: bool) -> list[int]:
    """Return the threads that change: those that name the person, and those they wrote in when their posts
    go.
    """
    ids = set(Mention.objects.filter(profile=profile).values_list("post__thread_id", flat=True))
    ids |= set(Post.objects.filter(_naming(profile), author=profile).values_list("thread_id", flat=True))
    if not keep_posts:
        ids |= set(
            Post.objects.filter(author=profile).exclude(body=_gone()).values_list("thread_id", flat=True)
        )
    return sorted(ids)


def _naming(profile: Profile) -> Q:
    """Posts that mention the person; whoever mentions themselves has no row for it."""
    return Q(mentions__profile=profile) | Q(author=profile, body__contains=f"@{{{profile.pk}}}")


def _forget_in(profile: Profile, thread_id: int, keep_posts: bool) -> None:
    thread = locked(thread_id)
    mine: list[Post] = []
    if not keep_posts:
        rows = thread.posts.select_for_update(of=("self",)).filter(author=profile)
        mine = list(rows.select_related("author").order_by("number"))
    naming = list(thread.posts.filter(_naming(profile)).exclude(pk__in=[post.pk for post in mine]).distinct())
    with changing(thread, *mine, *naming):
        for post in mine:
            _empty(post)
        if not keep_posts and thread.author_id == profile.pk:
            _rename(thread)
            erase_words(target=f"thread:{thread.pk}")
        for post in naming:
            _redraw(post, profile)


def _empty(post: Post) -> None:
    """Leave of a post that it was there: its text, versions, pictures and mentions go; a reply stands no
    more.
    """
    post.body = _gone()
    rendered = bodies.render_stored(post.body)
    post.body_html, post.renderer_version = rendered.html, rendered.version
    post.mentions.all().delete()
    post.references.all().delete()
    post.uploads.clear()
    Revision.objects.filter(post=post).delete()
    erase_words(target=f"post:{post.pk}")
    _rename_in_admin(post)
    if post.number > 1 and post.deleted_at is None:
        post.deleted_at, post.deleted_by = timezone.now(), post.author
    post.save(update_fields=["body", "body_html", "renderer_version", "deleted_at", "deleted_by"])


def _rename(thread: Thread) -> None:
    """Take the asker's words off a thread; without replies by others it goes from the lists altogether."""
    with override(settings.LANGUAGE_CODE):
        thread.subject = _("A question its author removed")
    thread.slug, thread.docs_page = f"removed-{thread.pk}", ""
    if not thread.helper_reply_count and thread.deleted_at is None:
        thread.deleted_at, thread.deleted_by = timezone.now(), thread.author
    thread.save(update_fields=["subject", "slug", "docs_page", "deleted_at", "deleted_by"])
    ThreadSlug.objects.filter(thread=thread).delete()
    keys = [f"post:{pk}" for pk in thread.posts.values_list("pk", flat=True)]
    TransactionDetail.objects.filter(transaction__source_key__in=keys).update(title="", url="")
    _rename_in_admin(thread)


def _rename_in_admin(row: Post | Thread) -> None:
    kind = ContentType.objects.get_for_model(type(row))
    AdminEntry.objects.filter(content_type=kind, object_id=str(row.pk)).update(
        object_repr=str(row.pk), change_message=""
    )


def _redraw(post: Post, profile: Profile) -> None:
    """Draw a post again that mentions somebody who is gone: the handle in it was theirs."""
    try:
        rendered = bodies.render_stored(post.body.replace(f"@{{{profile.pk}}}", _former()))
    except ValidationError:
        return
    post.body = rendered.stored
    post.body_html = rendered.html
    Post.objects.filter(pk=post.pk).update(
        body=post.body, body_html=post.body_html, renderer_version=rendered.version
    )
    Mention.objects.filter(post=post, profile=profile).delete()


def _gone() -> str:
    with override(settings.LANGUAGE_CODE):
        return _("Its author removed this.")


def _former() -> str:
    with override(settings.LANGUAGE_CODE):
        return _("a former member")


def forum_parts(profile: Profile) -> Iterator[ExportFile]:
    """Yield what a person wrote as Markdown, with their drafts, votes, subscriptions and pictures."""
    yield ExportFile("posts.json", list(_post_rows(profile)))
    posts = Post.objects.filter(author=profile, deleted_at=None).select_related("thread").order_by("pk")
    for post in posts.iterator(chunk_size=BATCH):
        heading = f"# {post.thread.subject}\n\n" if post.number == 1 else ""
        body = bodies.editable(post.body)
        yield ExportFile(f"posts/{post.thread.slug}/{post.number}.md", f"{heading}{body}\n")
    drafts = Draft.objects.filter(profile=profile)
    yield ExportFile(
        "drafts.json",
        list(drafts.values("key", "subject", "topic_slug", "tags", "body", "docs_page", "updated_at")),
    )
    yield ExportFile("votes.json", list(Vote.objects.filter(profile=profile).values("post_id", "created_at")))
    threads = ThreadSubscription.objects.filter(profile=profile).values(
        "thread_id", "thread__subject", "created_at", "muted_at"
    )
    topics = TopicSubscription.objects.filter(profile=profile).values("topic__slug", "delivery", "created_at")
    yield ExportFile("subscriptions.json", {"threads": list(threads), "topics": list(topics)})
    for upload in Upload.objects.filter(owner=profile).iterator(chunk_size=BATCH):
        yield ExportFile(f"uploads/{upload.name}", stored=f"uploads/{upload.name}")


def _post_rows(profile: Profile) -> Iterator[dict[str, object]]:
    mine = Post.objects.filter(Q(author=profile)).order_by("pk")
    yield from mine.values(
        "id",
        "thread_id",
        "thread__subject",
        "number",
        "created_at",
        "edited_at",
        "deleted_at",
        "hidden_at",
        "vote_count",
    ).iterator(chunk_size=BATCH)
