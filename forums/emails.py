"""The forum's e-mails, composed just before they are sent: many at once, with a few queries a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext as _

from community.lib.mail import text_and_html
from community.lib.mailhtml import MailBody, mail_body
from community.lib.markdown import excerpt
from forums.models import Post, Thread, ThreadSubscription, TopicDelivery, TopicSubscription
from forums.notifications import MENTION, REPLY, TOPIC_POST
from forums.reply_address import reply_line
from profiles.hooks import hooks
from profiles.mail.emails import SETTINGS_URL, footer
from profiles.mail.unsubscribe import unsubscribe_url
from profiles.models import Delivery, Profile, SkipReason
from profiles.notifications import Composed, Email, EmailBatch
from profiles.permissions import is_moderator
from profiles.restrictions import apart_from

# Moderators' actions that undo each other: of two in one mail, neither is told.
OPPOSITES = [
    ("thread.hidden", "thread.shown"), ("thread.archived", "thread.restored"), ("thread.locked", "thread.unlocked"),
    ("thread.deleted", "thread.undeleted"), ("thread.made-private", "thread.made-public"), ("post.hidden", "post.shown"),
    ("post.deleted", "post.undeleted"), ("thread.merged", "thread.unmerged"),
]  # fmt: skip
UNDOES = {**dict(OPPOSITES), **{after: before for before, after in OPPOSITES}}


@dataclass
class BatchFacts:
    """What a batch of e-mails shows and depends on, as it is now."""

    posts: dict[int, Post]
    followed_threads: set[tuple[int, int]]
    every_post: set[tuple[int, int]]
    bodies: dict[int, MailBody] = field(default_factory=dict)
    apart: dict[int, frozenset[int]] = field(default_factory=dict)

    def body(self, post: Post) -> MailBody:
        """Return the body of a post; made once, however many get it."""
        if post.pk not in self.bodies:
            self.bodies[post.pk] = mail_body(post.body_html, site_url=settings.SITE_URL)
        return self.bodies[post.pk]

    def apart_from(self, author: Profile) -> frozenset[int]:
        if author.pk not in self.apart:
            self.apart[author.pk] = apart_from(author)
        return self.apart[author.pk]


@dataclass(frozen=True)
class EmailPost:
    """A post as an e-mail shows it."""

    who: str
    team: str
    did: str
    body: MailBody
    url: str


def compose_posts(batches: Sequence[EmailBatch]) -> Mapping[int, Composed]:
    """Compose the e-mails about posts: replies, mentions, every post of a topic."""
    facts = look_up(batches)
    return {batch.lead.pk: _posts_email(batch, facts) for batch in batches}


def compose_solutions(batches: Sequence[EmailBatch]) -> Mapping[int, Composed]:
    """Compose the e-mails that tell authors their reply is the solution."""
    facts = look_up(batches)
    return {batch.lead.pk: _solution_email(batch, facts) for batch in batches}


def compose_decisions(batches: Sequence[EmailBatch]) -> Mapping[int, Composed]:
    """Compose the e-mails about moderation: what was done and why, without the text itself."""
    return {batch.lead.pk: _decision_email(batch) for batch in batches}


def compose_resolutions(batches: Sequence[EmailBatch]) -> Mapping[int, Composed]:
    """Compose the e-mails that ask whether a question is solved."""
    facts = look_up(batches)
    return {batch.lead.pk: _resolution_email(batch, facts) for batch in batches}


def look_up(batches: Sequence[EmailBatch]) -> BatchFacts:
    """Read the posts, threads and subscriptions of a batch as they are now."""
    rows = [row for batch in batches for row in batch.rows]
    posts = Post.objects.filter(pk__in={row.facts.get("post") for row in rows} - {None})
    found = posts.select_related("thread__topic", "author__team").in_bulk()
    people = {batch.profile.pk for batch in batches}
    threads = {post.thread_id for post in found.values()}
    topics = {post.thread.topic_id for post in found.values()}
    followed = ThreadSubscription.objects.filter(profile__in=people, thread__in=threads, muted_at=None)
    every = TopicSubscription.objects.filter(
        profile__in=people, topic__in=topics, delivery=TopicDelivery.EACH
    )
    return BatchFacts(
        found,
        set(followed.values_list("profile_id", "thread_id")),
        set(every.values_list("profile_id", "topic_id")),
    )


def is_shown_to(person: Profile, thread: Thread) -> bool:
    """Say whether mails about the thread may go to `person` now: stricter than the page, which opens what is
    archived.
    """
    if thread.deleted_at or thread.archived_at or thread.held_at:
        return False
    if thread.private_at:
        return thread.author_id == person.pk or is_moderator(person)
    return thread.hidden_at is None


def name_of(person: Profile) -> str:
    """Return a name to show; accounts that were deleted have none."""
    return person.name or _("Former member")


def _why_not(row: Delivery, person: Profile, facts: BatchFacts) -> SkipReason | None:
    post = facts.posts.get(row.facts.get("post", 0))
    if post is None or post.hidden_at or post.deleted_at or not is_shown_to(person, post.thread):
        return SkipReason.GONE
    if person.pk in facts.apart_from(post.author):
        return SkipReason.APART
    if row.kind == REPLY and (person.pk, post.thread_id) not in facts.followed_threads:
        return SkipReason.UNSUBSCRIBED
    if row.kind == TOPIC_POST and (
        (person.pk, post.thread.topic_id) not in facts.every_post or not is_moderator(person)
    ):
        return SkipReason.UNSUBSCRIBED
    return None


def _posts_email(batch: EmailBatch, facts: BatchFacts) -> Composed:
    person, lead = batch.profile, batch.lead
    left_out = {row.pk: why for row in batch.rows if (why := _why_not(row, person, facts))}
    posts = [facts.posts[row.facts["post"]] for row in batch.rows if row.pk not in left_out]
    if not posts:
        return left_out[lead.pk]
    posts.sort(key=lambda post: post.number)
    thread = posts[0].thread
    shown = [_email_post(post, person, lead.kind, facts) for post in posts]
    scope = {REPLY: f"thread:{thread.pk}", TOPIC_POST: f"topic:{thread.topic_id}"}.get(
        lead.kind, f"kind:{MENTION}"
    )
    opening = posts[0].number == 1
    is_asker = thread.author_id == person.pk
    helped = (
        is_asker
        and thread.is_question
        and not thread.solution_id
        and all(post.author_id != person.pk for post in posts)
    )
    answerable = hooks.reply_address(lead) is not None
    values = {
        "title": f"{shown[0].who} {shown[0].did}: {thread.subject}",
        "preheader": excerpt(shown[0].body.text, 120),
        "reply_line": reply_line() if answerable else "",
        "subject": thread.subject, "url": shown[-1].url, "posts": shown, "why": _why(lead.kind, thread, person),
        "solved_url": f"{settings.SITE_URL}/questions/thread/{thread.pk}/solved/" if helped else "",
        "stop_url": unsubscribe_url(person.pk, scope), "stop_label": _stop_label(lead.kind), "settings_url": SETTINGS_URL,
    }  # fmt: skip
    return Email(
        subject=thread.subject if opening else f"Re: {thread.subject}",
        **text_and_html("posts", values, footer=f"{values['why']}\n{footer(person.pk, scope)}"),
        scope=scope,
        list_key=f"thread-{thread.pk}",
        list_name=thread.subject,
        sender=shown[0].who if len({post.author_id for post in posts}) == 1 else "",
        thread_key=f"thread:{thread.pk}",
        left_out=left_out,
    )


def _email_post(post: Post, person: Profile, kind: str, facts: BatchFacts) -> EmailPost:
    thread, team = post.thread, post.author.team
    asked, mine = thread.is_question, thread.author_id == person.pk
    if kind == MENTION:
        did = _("mentioned you")
    elif post.number == 1:
        did = _("asked a question") if asked else _("started a thread")
    elif mine:
        did = _("answered your question") if asked else _("replied to your thread")
    else:
        did = _("replied")
    return EmailPost(
        name_of(post.author),
        _("%(name)s team") % {"name": team.name} if team else "",
        did,
        facts.body(post),
        f"{settings.SITE_URL}{post.get_absolute_url()}",
    )


def _why(kind: str, thread: Thread, person: Profile) -> str:
    if kind == MENTION:
        return _("You get this e-mail because someone mentioned you.")
    if kind == TOPIC_POST:
        return _("You get this e-mail because you follow every post in %(topic)s.") % {
            "topic": thread.topic.name
        }
    if thread.author_id == person.pk:
        return _("You get this e-mail because you started this thread.")
    return _("You get this e-mail because you follow this thread.")


def _stop_label(kind: str) -> str:
    if kind == MENTION:
        return _("Unsubscribe from mentions")
    return _("Unsubscribe from this topic") if kind == TOPIC_POST else _("Unsubscribe from this thread")


def _solution_email(batch: EmailBatch, facts: BatchFacts) -> Composed:
    lead, person = batch.lead, batch.profile
    post = facts.posts.get(lead.facts.get("post", 0))
    if post is None or post.hidden_at or post.deleted_at or not is_shown_to(person, post.thread):
        return SkipReason.GONE
    if post.thread.solution_id != post.pk:
        return SkipReason.EMPTY
    chooser = lead.actor
    if chooser is not None and person.pk in facts.apart_from(chooser):
        return SkipReason.APART
    said = _("%(name)s marked your reply as the solution. Others with the same question can now find it.")
    return note(
        batch,
        heading=_("Your reply is the solution"),
        subject=_("Your reply is the solution: %(subject)s") % {"subject": post.thread.subject},
        title=post.thread.subject,
        said=[said % {"name": name_of(chooser) if chooser else settings.SITE_NAME}],
        buttons=[(_("Open the thread"), f"{settings.SITE_URL}{post.get_absolute_url()}")],
        thread=post.thread,
    )


def _resolution_email(batch: EmailBatch, facts: BatchFacts) -> Composed:
    post = facts.posts.get(batch.lead.facts.get("post", 0))
    if post is None or post.hidden_at or post.deleted_at or not is_shown_to(batch.profile, post.thread):
        return SkipReason.GONE
    if post.thread.solution_id or post.thread.not_solved_at:
        return SkipReason.EMPTY
    page = f"{settings.SITE_URL}/questions/thread/{post.thread_id}/solved/"
    said = _(
        "%(name)s replied last. If your question is solved, mark the reply that solved it, so that others can find it."
    )
    return note(
        batch,
        heading=_("Did this solve it?"),
        subject=_("Did this solve it? %(subject)s") % {"subject": post.thread.subject},
        title=post.thread.subject,
        said=[said % {"name": name_of(post.author)}, _("If not, tell us, and the team will look again.")],
        buttons=[(_("Choose the solution"), page), (_("Not yet"), page)],
        thread=post.thread,
    )


def _decision_email(batch: EmailBatch) -> Composed:
    rows = _lasting(batch.rows)
    if not rows:
        return SkipReason.UNDONE
    kept, first, several = {row.pk for row in rows}, rows[0], len(rows) > 1
    title = (
        _("%(count)d moderation decisions about your posts") % {"count": len(rows)}
        if several
        else first.title
    )
    conduct = _("Read what we expect of posts in our code of conduct.")
    entries = (
        [(row.title, f"{settings.SITE_URL}{row.url}", _reason_of(row)) for row in rows] if several else []
    )
    page = (
        (_("Open notifications"), "/community/notifications/") if several else (_("Open the page"), first.url)
    )
    return note(
        batch,
        heading=_("Moderation"),
        subject=title,
        title=title,
        said=[conduct] if several else [one for one in (_reason_of(first), conduct) if one],
        entries=entries,
        buttons=[
            (page[0], f"{settings.SITE_URL}{page[1]}"),
            (_("Code of conduct"), f"{settings.SITE_URL}/pages/code-of-conduct/"),
        ],
        stop=False,
        left_out={row.pk: SkipReason.UNDONE for row in batch.rows if row.pk not in kept},
    )


def _reason_of(row: Delivery) -> str:
    reason = str(row.facts.get("reason", ""))
    return _("Reason: %(reason)s") % {"reason": reason} if reason else ""


def _lasting(rows: Sequence[Delivery]) -> list[Delivery]:
    """Return the decisions that were not undone by a later one of the same mail, in order."""
    open_rows: dict[tuple[str, str], list[Delivery]] = {}
    for row in sorted(rows, key=lambda row: row.pk):
        target, action = row.source_key.rsplit(":", 2)[0], str(row.facts.get("action", ""))
        if undone := open_rows.get((target, UNDOES.get(action, ""))):
            undone.pop()
        else:
            open_rows.setdefault((target, action), []).append(row)
    return sorted((row for several in open_rows.values() for row in several), key=lambda row: row.pk)


def note(
    batch: EmailBatch,
    *,
    heading: str,
    subject: str,
    title: str,
    said: Sequence[str],
    buttons: Sequence[tuple[str, str]],
    entries: Sequence[tuple[str, str, str]] = (),
    thread: Thread | None = None,
    stop: bool = True,
    left_out: Mapping[int, SkipReason] | None = None,
) -> Email:
    """Make a short mail: a heading, a title linked as the first button, sentences, entries (title, URL,
    about), buttons.
    """
    scope = f"kind:{batch.lead.kind}" if stop else ""
    values = {
        "title": subject, "preheader": said[0], "heading": heading, "subject": title, "url": buttons[0][1], "said": said,
        "entries": entries, "buttons": buttons, "settings_url": SETTINGS_URL,
        "stop_url": unsubscribe_url(batch.profile.pk, scope) if scope else "",
    }  # fmt: skip
    return Email(
        subject=subject,
        **text_and_html("note", values, footer=footer(batch.profile.pk, scope) if scope else ""),
        scope=scope,
        list_key=batch.lead.kind,
        list_name=heading,
        thread_key=f"thread:{thread.pk}" if thread else "",
        left_out=left_out or {},
    )
