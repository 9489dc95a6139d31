"""From what a person typed to what is stored: references by id, HTML, and what the text names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from community.lib import markdown
from community.lib.markdown_pool import render_bounded
from forums.models import Post, Thread, Upload
from profiles.models import Profile

MENTIONS_LIMIT = 20
QUOTE_LIMIT = 2000  # characters of a post in a quotation
# What would be more than a letter in a name that stands in Markdown.
SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


@dataclass(frozen=True)
class Body:
    """A body ready to be stored."""

    stored: str
    html: str
    text: str
    version: int
    mention_ids: tuple[int, ...]
    thread_ids: tuple[int, ...]
    upload_names: tuple[str, ...]


def clean_text(value: str) -> str:
    """Return `value` with one kind of line end and without characters PostgreSQL or people cannot read."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        char
        for char in value
        if char in "\n\t" or (char >= " " and not 0xD800 <= ord(char) <= 0xDFFF and char != "\x7f")
    )


def prepare(body: str, *, limit: int | None = markdown.BODY_LIMIT, guest: bool = False) -> Body:
    """Render what a person typed. Raises ValidationError({"body": sentence}) when it cannot be stored."""
    body = clean_text(body).strip("\n")
    if not body.strip():
        raise ValidationError({"body": _("Write something first.")})
    if limit is not None and len(body) > limit:
        raise ValidationError({"body": _("Shorten your text to %(count)d characters.") % {"count": limit}})
    handles = markdown.find_handles(body)
    if handles:
        found = Profile.objects.annotate(lower=Lower("handle")).filter(
            lower__in=[h.lower() for h in handles], deactivated_at=None
        )
        by_handle = {handle.lower(): pk for handle, pk in found.values_list("handle", "pk")[:MENTIONS_LIMIT]}
        body = markdown.encode_references(body, by_handle)
    return render_stored(
        body, limit=None, guest=guest
    )  # ids may be longer than handles: what was typed is what counts


def render_stored(stored: str, *, limit: int | None = None, guest: bool = False) -> Body:
    """Render a stored body. Raises ValidationError({"body": sentence}) when the renderer refuses it."""
    try:
        rendered = render_bounded(stored, resolve=resolver_for(stored), limit=limit, guest=guest)
    except markdown.BodyRefused as refusal:
        raise ValidationError({"body": str(refusal)}) from refusal
    return Body(
        stored, rendered.html, rendered.text, rendered.version,
        rendered.mention_ids, rendered.thread_ids, rendered.upload_names,
    )  # fmt: skip


def resolver_for(stored: str) -> markdown.Resolver:
    """Fetch everything a stored body names: people, threads and pictures, one query each and only when named."""
    profile_ids, thread_ids = markdown.find_reference_ids(stored)
    names = markdown.find_upload_names(stored)
    mentions = {}
    if profile_ids:
        rows = Profile.objects.filter(pk__in=list(profile_ids)[:MENTIONS_LIMIT], deactivated_at=None)
        mentions = {
            pk: (handle, name, f"/community/profiles/{pk}/")
            for pk, handle, name in rows.values_list("pk", "handle", "name")
        }
    threads = {}
    if thread_ids:
        shown = Thread.objects.visible_to(None).filter(pk__in=list(thread_ids)[:MENTIONS_LIMIT])
        # By number and without the subject: what is stored here must not tell of a thread that is hidden
        # later.
        threads = {pk: ("", f"/questions/{pk}/") for pk in shown.values_list("pk", flat=True)}
    uploads = {}
    if names:
        rows = Upload.objects.filter(name__in=list(names)[:100])
        uploads = {
            name: (f"{settings.MEDIA_URL}uploads/{name}", width, height)
            for name, width, height in rows.values_list("name", "width", "height")
        }
    return markdown.Resolver(mentions=mentions, threads=threads, uploads=uploads)


def editable(stored: str) -> str:
    """Return a stored body as its writer typed it: handles instead of ids."""
    return editable_all([stored])[0]


def editable_all(stored: Sequence[str]) -> list[str]:
    """Return stored bodies as their writers typed them: one query at most, only when somebody is mentioned."""
    ids = {profile_id for body in stored for profile_id in markdown.find_reference_ids(body)[0]}
    handles = dict(Profile.objects.filter(pk__in=ids).values_list("pk", "handle")) if ids else {}
    return [markdown.decode_references(body, handles) for body in stored]


def quotation(post: Post) -> str:
    """Return a post as the quotation that begins a reply to it.

    It names the author without mentioning them.
    """
    text = editable(post.body) if post.body_format == "md" else markdown.plain_text(post.body_html)
    lines = "\n".join(f"> {line}".rstrip() for line in text[:QUOTE_LIMIT].splitlines())
    name = SPECIAL.sub(r"\\\1", post.author.name.replace("@", " ")) or _("Former member")
    return "\n\n".join([_("%(name)s wrote:") % {"name": name}, lines, ""])
