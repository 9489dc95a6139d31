"""The directory of members, for moderators: search, filter, sort, CSV."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from community.lib.countries import COUNTRIES
from community.lib.sheets import safe_cell
from forums.models import Post
from profiles.levels import level_named
from profiles.models import Profile, ProfileQuerySet, Role

# By key: what the page calls it, and the order; each ends with the number, so that pages never overlap.
SORTS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "newest": (_("Newest"), ("-pk",)),
    "name": (_("Name"), ("name", "pk")),
    "seen": (_("Last seen"), (F("user__last_seen_at").desc(nulls_last=True), "-pk")),
    "reputation": (_("Reputation"), ("-reputation", "-pk")),
    "replies": (_("Replies"), ("-reply_count", "-pk")),
}
CSV_LIMIT = 50_000
CHUNK = 2_000
CSV_COLUMNS = (
    "id", "name", "handle", "role", "team", "trust", "level", "reputation", "threads", "replies", "solutions", "country", "links",
    "joined", "last seen", "profile",
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """The filters. Unknown values count as not given."""

    q: str = ""
    role: str = ""
    team: str = ""
    suspicious: bool = False
    sort: str = "newest"

    @classmethod
    def read(cls, given: Any) -> Wanted:
        """Read the filters from the query string."""
        role, sort = given.get("role", ""), given.get("sort", "")
        return cls(
            q=given.get("q", "").strip()[:80],
            role=role if role in Role.values else "",
            team=given.get("team", "")[:80],
            suspicious=bool(given.get("suspicious")),
            sort=sort if sort in SORTS else "newest",
        )


def people(wanted: Wanted) -> ProfileQuerySet:
    """Return matching members in the chosen order, with team and account: one query a page."""
    found = Profile.objects.filter(deactivated_at=None).select_related("team", "user")
    if wanted.q:
        words = wanted.q.lower()
        named = (
            Q(lower_name__contains=words)
            | Q(lower_handle__contains=words.removeprefix("@"))
            | Q(user__email=words)
        )
        found = found.annotate(lower_name=Lower("name"), lower_handle=Lower("handle")).filter(named)
    if wanted.role:
        found = found.filter(role=wanted.role)
    if wanted.team:
        found = found.filter(memberships__team__slug=wanted.team)
    if wanted.suspicious:
        found = found.filter(_links()).exclude(_liked())
    return found.order_by(*SORTS[wanted.sort][1])


def _links() -> Q:
    """Members with links in their profile."""
    return ~Q(links={}) | Q(bio_html__contains='href="http')


def _liked() -> Exists:
    """Members with an upvoted reply."""
    return Exists(Post.objects.filter(author=OuterRef("pk"), number__gt=1, vote_count__gt=0, deleted_at=None))


def csv_rows(wanted: Wanted, site: str) -> Iterator[list[str]]:
    """Yield heading and rows, every cell safe in a spreadsheet. E-mail addresses are left out."""
    yield list(CSV_COLUMNS)
    for one in people(wanted)[:CSV_LIMIT].iterator(chunk_size=CHUNK):
        seen = one.user.last_seen_at if one.user else None
        row = (
            one.pk, one.name, one.handle, one.role, one.team.name if one.team else "", one.trust, level_named(one.level).name,
            one.reputation, one.thread_count, one.reply_count, one.solution_count, COUNTRIES.get(one.country, one.country),
            " ".join(str(url) for url in one.links.values()), one.created_at.isoformat(timespec="seconds"),
            seen.isoformat(timespec="seconds") if seen else "", f"{site}{one.get_absolute_url()}",
        )  # fmt: skip
        yield [safe_cell(value) for value in row]
