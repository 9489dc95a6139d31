"""What everybody may know of moderation: numbers."""

from __future__ import annotations

from moderation.actions.appeals import appeal, decide_appeal
from moderation.actions.decisions import decide_report
from moderation.actions.sanctions import NewSanction, sanction
from moderation.queries.counts import months


def test_the_numbers_of_the_month_name_nobody(client, report, mo, tess, alice, bob):
    decide_report(mo, report, outcome="hidden", reason="Goes after a person.")
    given = sanction(
        mo, bob, NewSanction(kind="warning", rule="kind", explanation="No.", skip_reason="A threat.")
    )
    decide_appeal(tess, appeal(given, text="But."), outcome="lifted", answer="Yes.")
    assert months()[0].numbers == {
        "reports": 1, "report_hidden": 1, "sanction_warning": 1, "appeals": 1, "appeal_lifted": 1, "hidden": 1,
    }  # fmt: skip
    page = client.get("/moderation/counts/").content.decode()
    assert "<td>Warnings</td><td>1</td>" in page
    assert not [who.name for who in (mo, tess, alice, bob) if who.name in page]
