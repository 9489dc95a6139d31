"""What a ban removed is gone: its pages and API answers say 410 where they would have said 404."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from community.errors import answer
from forums.models import Post, Thread, ThreadSlug
from moderation.actions.effects import is_removed

GetResponse = Callable[[HttpRequest], HttpResponse]
# By the name of the address, in pages and API alike: what its argument names.
PROFILES = {"profile-detail": "pk", "profile-show": "profile_id", "profile-discussions": "profile_id"}
POSTS = {"post-detail": "pk", "post-history": "pk", "post-show": "post_id", "post-revisions": "post_id"}
THREADS = {
    "thread-short": "pk",
    "thread-detail": "slug",
    "thread-show": "thread_id",
    "thread-posts": "thread_id",
}


def gone(get_response: GetResponse) -> GetResponse:
    """Ask only where nothing was found, so that no page that opens pays for it."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD") or not _was_removed(request):
            return response
        sentence = _("This was removed because it broke the rules of this community.")
        return answer(request, 410, _("Gone"), sentence, "gone")

    return handle


def _was_removed(request: HttpRequest) -> bool:
    match = request.resolver_match
    name = match.url_name if match else None
    if match is None or name is None:
        return False
    if name in PROFILES:
        return is_removed(f"profile:{match.kwargs[PROFILES[name]]}")
    if name in THREADS:
        return is_removed(f"thread:{_thread_id(match.kwargs[THREADS[name]])}")
    if name in POSTS:
        post = Post.objects.filter(pk=match.kwargs[POSTS[name]]).only("number", "thread_id").first()
        return post is not None and is_removed(
            f"thread:{post.thread_id}" if post.number == 1 else f"post:{post.pk}"
        )
    return False


def _thread_id(named: int | str) -> int | None:
    if isinstance(named, int):
        return named
    found = Thread.objects.filter(slug=named).values_list("pk", flat=True).first()
    return found or ThreadSlug.objects.filter(slug=named).values_list("thread_id", flat=True).first()
