"""Download of one's own data: zipped by a job, for its owner only, for a week."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.utils import timezone

from community.audit.models import LogEntry
from community.lib.errors import TooMany
from forums.actions.drafts import save_draft
from forums.actions.posts import post_reply
from forums.actions.uploads import save_upload
from profiles.actions.avatars import set_avatar
from profiles.actions.profiles import update_profile
from profiles.models import DataExport
from profiles.privacy.exports import REQUESTS_PER_DAY, build_export, request_export, sweep_exports, token_of
from profiles.tasks import look_after_accounts
from tests.profiles.test_avatar import picture


@pytest.fixture
def zipped(alice, bob, thread, reply):
    update_profile(alice, alice, bio="I ask *questions*.")
    set_avatar(alice, alice, picture())
    post_reply(alice, thread, body=f"Here: ![]({save_upload(alice, picture()).url})")
    save_draft(alice, "ask", subject="Later", body="Not yet")
    save_draft(bob, "ask", subject="Private", body="bob's own")
    export = request_export(alice)
    assert build_export(export.pk) is True
    export.refresh_from_db()
    return export


def _bytes(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_the_zip_holds_json_markdown_and_pictures_and_nothing_of_others(zipped, alice, thread, sign_in):
    answer = sign_in(alice).get(f"/settings/data/{token_of(zipped)}/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(_bytes(answer)))
    assert archive.testzip() is None
    names = archive.namelist()
    assert (
        archive.read(f"posts/{thread.slug}/1.md").decode()
        == "# Why is the export empty?\n\nIt has **no rows**.\n"
    )
    assert archive.read("bio.md").decode() == "I ask *questions*."
    assert json.loads(archive.read("account.json"))["email"] == "alice@example.com"
    assert json.loads(archive.read("drafts.json"))[0]["subject"] == "Later"
    assert any(name.startswith("uploads/") for name in names) and "avatar.webp" in names
    everything = b"".join(archive.read(name) for name in names)
    assert (
        b"bob@example.com" not in everything
        and b"bob's own" not in everything
        and b"Check the filter" not in everything
    )


def test_only_its_owner_opens_it_and_only_for_a_week(zipped, alice, bob, root, as_, sign_in):
    path = f"/settings/data/{token_of(zipped)}/"
    assert "/accounts/login/" in as_(None).get(path)["Location"]
    for other in (bob, root):
        assert sign_in(other).get(path).status_code == 404
    browser = sign_in(alice)
    assert browser.get(path[:-3] + "xy/").status_code == 404
    assert browser.get(f"/settings/data/{zipped.pk}/").status_code == 404
    assert browser.get(path).status_code == 200
    assert as_(None).get(f"/media/{zipped.file}").status_code == 404
    DataExport.objects.update(expires_at=timezone.now())
    assert browser.get(path).status_code == 404


def test_it_asks_who_you_are_again(zipped, alice, as_):
    assert "/accounts/reauthenticate/" in as_(alice).get(f"/settings/data/{token_of(zipped)}/")["Location"]
    assert "/accounts/reauthenticate/" in as_(alice).post("/settings/data/", {"do": "download"})["Location"]


def test_asking_and_fetching_are_in_the_log(zipped, alice, sign_in):
    sign_in(alice).get(f"/settings/data/{token_of(zipped)}/")
    actions = (
        LogEntry.objects.filter(target=f"profile:{alice.pk}").order_by("id").values_list("action", flat=True)
    )
    assert list(actions) == ["data.requested", "data.downloaded"]


def test_the_letter_says_where_and_holds_no_key(zipped, alice):
    letter = mail.outbox[-1]
    assert letter.to == ["alice@example.com"] and "/settings/data/" in letter.body
    assert token_of(zipped) not in letter.body


def test_the_job_may_run_twice_and_a_lost_one_is_found(alice):
    export = request_export(alice)
    assert request_export(alice).pk == export.pk
    DataExport.objects.update(requested_at=timezone.now() - timedelta(minutes=5))
    look_after_accounts()
    export.refresh_from_db()
    assert export.ready_at and default_storage.exists(export.file)
    assert build_export(export.pk) is False


def test_old_zips_are_swept(zipped, django_capture_on_commit_callbacks):
    DataExport.objects.update(expires_at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep_exports() == 1
        assert sweep_exports() == 0
    assert not default_storage.exists(zipped.file)


def test_not_all_day(alice):
    for _time in range(REQUESTS_PER_DAY):
        build_export(request_export(alice).pk)
    with pytest.raises(TooMany):
        request_export(alice)
