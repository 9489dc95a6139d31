"""Ten more rows, no more queries, on every list of moderation."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from moderation.actions.appeals import appeal
from moderation.actions.reports import file_report
from moderation.actions.sanctions import NewSanction, sanction
from moderation.report_targets import find_target

PATHS = ["/moderation/reports/", "/moderation/sanctions/", "/moderation/appeals/", "/admin/moderation/report/",
         "/admin/moderation/sanction/", "/admin/moderation/appeal/"]  # fmt: skip


def test_the_lists_cost_the_same_with_more_rows(as_, mo, tess, alice, person):
    browser = as_(mo)

    def more(names):
        for name in names:
            someone = person(name)
            file_report(alice, find_target("profile", someone.pk, alice), reason="kind", limited=False)
            appeal(
                sanction(tess, someone, NewSanction(kind="correction", rule="kind", explanation="No.")),
                text="But.",
            )

    def cost(path):
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(path).status_code == 200
        return len(seen)

    more(["one", "two"])
    for path in PATHS:
        cost(path)
    before = {path: cost(path) for path in PATHS}
    more([f"more{number}" for number in range(10)])
    assert {path: cost(path) for path in PATHS} == before


@pytest.mark.parametrize("count", [2, 12])
def test_one_report_costs_the_same_however_many_reported(as_, mo, person, reply, count):
    for number in range(count):
        someone = person(f"witness{number}")
        report = file_report(
            someone, find_target("post", reply.pk, someone), reason="kind", address=f"192.0.2.{number}"
        ).report
    browser = as_(mo)
    browser.get(report.get_absolute_url())
    with CaptureQueriesContext(connection) as seen:
        browser.get(report.get_absolute_url())
    assert len(seen) < 30
