"""What search engines are told about a thread and a topic, in their own words, from what the page shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from community.lib import jsonld
from community.lib.markdown import plain_text
from forums.queries.pages import PostView, ThreadView
from forums.queries.rail import RailTopic

QUESTION_CHARACTERS, ANSWER_CHARACTERS = 4000, 1000
ANSWERS = 8  # of the page, besides the solution: engines show fewer, and every guest's page carries them


def of_thread(view: ThreadView) -> SafeString:
    """Return a thread's facts; nothing for one that is not listed, which no engine should keep."""
    thread = view.thread
    if not thread.is_listed:
        return SafeString("")
    way = jsonld.breadcrumbs(
        (_("Threads"), "/questions/"),
        (thread.topic.name, f"/questions/topic/{thread.topic.slug}/"),
        (thread.subject, thread.get_absolute_url()),
    )
    return jsonld.script(_question(view) if thread.is_question else _discussion(view), way)


def of_topic(topic: RailTopic) -> SafeString:
    """Return the way to a topic."""
    return jsonld.script(jsonld.breadcrumbs((_("Threads"), "/questions/"), (topic.name, topic.url)))


def _question(view: ThreadView) -> dict[str, Any]:
    thread, question = view.thread, view.question
    answers = [
        post for post in view.posts if _is_shown(post) and not post.is_comment and not post.is_solution
    ][:ANSWERS]
    main: dict[str, Any] = {
        "@type": "Question",
        "name": jsonld.visible(thread.subject),
        "text": jsonld.cut(plain_text(question.html), QUESTION_CHARACTERS) or jsonld.visible(thread.subject),
        "answerCount": thread.answer_count,
        "upvoteCount": max(0, thread.vote_count),
        "datePublished": thread.created_at.isoformat(),
        "author": _author(question),
        "suggestedAnswer": [_answer(view, post) for post in answers],
        "url": f"{settings.SITE_URL}{thread.get_absolute_url()}",
    }
    if question.edited_at:
        main["dateModified"] = question.edited_at.isoformat()
    solution = view.solution or next((post for post in view.posts if post.is_solution), None)
    if solution and _is_shown(solution):
        main["acceptedAnswer"] = _answer(view, solution)
    return {"@type": "QAPage", "mainEntity": {name: value for name, value in main.items() if value != []}}


def _answer(view: ThreadView, post: PostView) -> dict[str, Any]:
    answer = {
        "@type": "Answer",
        "text": _text(post),
        "url": _address(view, post),
        "upvoteCount": max(0, post.votes),
        "datePublished": post.created_at.isoformat(),
        "author": _author(post),
    }
    return {**answer, "dateModified": post.edited_at.isoformat()} if post.edited_at else answer


def _discussion(view: ThreadView) -> dict[str, Any]:
    thread, opening = view.thread, view.question
    replies = [post for post in view.posts if _is_shown(post)][:ANSWERS]
    return {
        "@type": "DiscussionForumPosting",
        "headline": jsonld.visible(thread.subject),
        "text": jsonld.cut(plain_text(opening.html), QUESTION_CHARACTERS) or jsonld.visible(thread.subject),
        "url": f"{settings.SITE_URL}{thread.get_absolute_url()}",
        "datePublished": thread.created_at.isoformat(),
        "dateModified": opening.edited_at.isoformat() if opening.edited_at else None,
        "author": _author(opening),
        "interactionStatistic": jsonld.interactions(LikeAction=max(0, thread.vote_count), CommentAction=thread.reply_count),
        "comment": [
            {
                "@type": "Comment", "text": _text(post), "url": _address(view, post), "author": _author(post),
                "datePublished": post.created_at.isoformat(),
            }
            for post in replies
        ],
    }  # fmt: skip


def _is_shown(post: PostView) -> bool:
    return not (post.hidden_at or post.deleted_at or post.held_at)


def _text(post: PostView) -> str:
    return jsonld.cut(plain_text(post.html[: ANSWER_CHARACTERS * 6]), ANSWER_CHARACTERS) or "…"


def _author(post: PostView) -> dict[str, Any]:
    return jsonld.person(post.author_name, None if post.former else f"/community/profiles/{post.author_id}/")


def _address(view: ThreadView, post: PostView) -> str:
    page = f"?page={view.page}" if view.page > 1 else ""
    return f"{settings.SITE_URL}{view.thread.get_absolute_url()}{page}#post-{post.id}"
