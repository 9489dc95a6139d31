"""The directory of members, for moderators."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community.audit import record
from community.lib.adminpages import FewRowsPaginator
from moderation.queries.directory import SORTS, Wanted, csv_rows, people
from profiles.http import HttpRequest
from profiles.models import Profile, Role, Team
from profiles.permissions import is_moderator
from profiles.views.guards import signed_in

PER_PAGE = 50
TEAMS_OFFERED = 200


@require_safe
@signed_in
def directory(request: HttpRequest) -> HttpResponseBase:
    """Show a page of members, or with `format=csv` all that match as a file."""
    viewer: Profile = request.viewer
    if not is_moderator(viewer):
        raise PermissionDenied(_("Only moderators can do this."))
    wanted = Wanted.read(request.GET)
    if request.GET.get("format") == "csv":
        return _as_csv(viewer, wanted)
    return _as_page(request, wanted)


def _as_page(request: HttpRequest, wanted: Wanted) -> HttpResponse:
    page = FewRowsPaginator(people(wanted), PER_PAGE).get_page(request.GET.get("page"))
    given = {
        "q": wanted.q,
        "role": wanted.role,
        "team": wanted.team,
        "sort": wanted.sort,
        "suspicious": "1" * wanted.suspicious,
    }
    context = {
        "area": "moderation",
        "page": page,
        "wanted": wanted,
        "query": urlencode({name: value for name, value in given.items() if value}),
        "roles": Role.choices,
        "sorts": [(key, label) for key, (label, _order) in SORTS.items()],
        "teams": Team.objects.all()[:TEAMS_OFFERED],
    }
    return render(request, "moderation/directory.html", context)


def _as_csv(viewer: Profile, wanted: Wanted) -> StreamingHttpResponse:
    record(
        "directory.exported", actor_id=viewer.pk, target=f"profile:{viewer.pk}", after={"sort": wanted.sort}
    )
    response = StreamingHttpResponse(_lines(wanted), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="people.csv"'
    response["Cache-Control"] = "no-store"
    return response


class _Line:
    """A file for csv that returns each row at once."""

    def write(self, text: str) -> str:
        return text


def _lines(wanted: Wanted) -> Iterator[str]:
    writer = csv.writer(_Line())
    for row in csv_rows(wanted, settings.SITE_URL):
        yield writer.writerow(row)
