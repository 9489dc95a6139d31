"""The panel under a question: what it shows, to whom, and that the company's own systems cannot hurt it."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.http import HttpRequest

from forums.actions.threads import ask
from moderation import panel, plans
from moderation.actions.threads import archive_thread
from moderation.panel import Section, add_section
from profiles.models import Profile


@pytest.fixture
def system(settings):
    """The company's own system on a port of its own: system(answer) says what it answers with, and keeps what it was asked."""
    asked, servers = [], []

    def serve(answer, status=200, drip=False):
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                asked.append((dict(self.headers), body))
                self.send_response(status)
                self.send_header("Location", "http://127.0.0.1:9/")
                self.end_headers()
                try:
                    for _byte in range(1000 if drip else 1):
                        self.wfile.write(b" " if drip else answer)
                        if drip:
                            self.wfile.flush()
                            time.sleep(0.05)
                except OSError:
                    pass

            def log_message(self, *given):
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        settings.PANEL = {
            **settings.PANEL,
            "PLAN_LOOKUP_URL": f"http://127.0.0.1:{server.server_port}/",
            "PLAN_LOOKUP_SECRET": "s",
        }
        return asked

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def test_it_says_who_asked_and_is_for_moderators(thread, alice, topic, as_, bob, cleo, mo, settings):
    settings.PANEL = {
        **settings.PANEL,
        "PERSON_RECORD_URL": "https://crm.example/people?mail={email}&x={name}",
        "ACTIVITY_PANE_URL": "https://crm.example/pane/{profile}",
    }
    archive_thread(mo, ask(alice, topic=topic, subject="An older one", body="About rain."))
    path = f"/moderation/threads/{thread.pk}/panel/"
    assert [as_(one).get(path).status_code for one in (None, bob, cleo, mo)] == [302, 403, 403, 200]
    page = as_(mo).get(path, headers={"HX-Request": "true"}).content.decode()
    assert page.lstrip().startswith('<section class="staff" id="panel"')
    for part in (
        "alice@example.com",
        "https://crm.example/people?mail=alice%40example.com&amp;x=Alice%20Example",
        'src="https://crm.example/pane/',
        'sandbox="allow-scripts allow-same-origin allow-forms"',
        "An older one",
        "Archived",
        "/admin/profiles/profile/",
    ):
        assert part in page
    public = as_(bob).get(thread.get_absolute_url()).content.decode()
    assert "alice@example.com" not in public and "/panel/" not in public
    assert f'hx-get="{path}"' in as_(mo).get(thread.get_absolute_url()).content.decode()


def test_a_frame_on_our_own_origin_gets_none_of_its_rights(thread, mo, as_, settings):
    settings.PANEL = {**settings.PANEL, "ACTIVITY_PANE_URL": f"{settings.SITE_URL}/moderation/demo/activity/"}
    assert (
        'sandbox="allow-scripts"' in as_(mo).get(f"/moderation/threads/{thread.pk}/panel/").content.decode()
    )


def test_an_address_that_is_no_web_address_is_not_shown(thread, mo, as_, settings):
    settings.PANEL = {
        **settings.PANEL,
        "PERSON_RECORD_URL": "javascript:alert({email})",
        "ACTIVITY_PANE_URL": "data:text/html,x",
    }
    page = as_(mo).get(f"/moderation/threads/{thread.pk}/panel/").content.decode()
    assert "javascript:" not in page and "<iframe" not in page


def test_the_plan_is_asked_for_with_a_signature_and_remembered(alice, mo, as_, system):
    asked = system(json.dumps({"plan": "Team <b>"}).encode())
    for _once in range(3):
        page = (
            as_(mo)
            .get(f"/moderation/profiles/{alice.pk}/plan/", headers={"HX-Request": "true"})
            .content.decode()
        )
        assert "Team &lt;b&gt;" in page
    [(headers, body)] = asked
    assert json.loads(body) == {"email": "alice@example.com", "profile": alice.pk}
    assert plans.is_signed(headers["X-Hearth-Timestamp"], headers["X-Hearth-Signature"], body)
    assert not plans.is_signed(headers["X-Hearth-Timestamp"], headers["X-Hearth-Signature"], body + b" ")
    assert not plans.is_signed("1700000000", plans.sign("1700000000", body), body)


@pytest.mark.parametrize(
    ("answer", "status"),
    [(b"{}", 200), (b"[]", 200), (b"<html>", 200), (b'{"plan": 7}', 200), (b'{"plan": "x"}', 500), (b"", 302), (b"[" * 9_000, 200), (b"x" * 20_000, 200)],
)  # fmt: skip
def test_whatever_goes_wrong_the_plan_is_unknown(alice, mo, as_, system, answer, status):
    system(answer, status)
    answered = as_(mo).get(f"/moderation/profiles/{alice.pk}/plan/")
    assert answered.status_code == 200
    assert "Unknown" in answered.content.decode()


def test_an_answer_that_drips_is_cut_off(alice, system):
    system(b"", drip=True)
    assert plans.plan_of(alice) == ""


def test_nobody_at_home_is_unknown_too(alice, settings):
    settings.PANEL = {**settings.PANEL, "PLAN_LOOKUP_URL": "http://127.0.0.1:9/"}
    assert plans.plan_of(alice) == ""


def test_the_demo_answers_only_what_is_signed(client, settings, alice):
    settings.PANEL = {**settings.PANEL, "PLAN_LOOKUP_SECRET": "demo"}
    body, now = b'{"email": "a@example.com"}', str(int(time.time()))
    headers = {"X-Hearth-Timestamp": now, "X-Hearth-Signature": plans.sign(now, body)}

    def post(**given):
        return client.post("/moderation/demo/plan/", body, content_type="application/json", **given)

    assert post(headers=headers).json()["plan"]
    assert [post().status_code, post(headers={**headers, "X-Hearth-Signature": "sha256=00"}).status_code] == [
        403,
        403,
    ]


def test_an_imported_author_has_no_address_and_no_plan(thread, mo, as_):
    thread.author = Profile.objects.create(name="Imported", handle="imported")
    thread.save(update_fields=["author"])
    page = as_(mo).get(f"/moderation/threads/{thread.pk}/panel/").content.decode()
    assert "No account" in page and "/plan/" not in page


def test_apps_on_the_right_add_sections(thread, mo, as_, monkeypatch):
    def read(request: HttpRequest, thread):
        return {"threads": [thread], "more": False}

    monkeypatch.setattr(panel, "_sections", dict(panel._sections))
    add_section(Section("notes", "Notes of the desk", "moderation/panel/earlier.html", read, place=5))
    page = as_(mo).get(f"/moderation/threads/{thread.pk}/panel/").content.decode()
    assert page.index("Notes of the desk") < page.index("Asked by")


def test_how_far_a_member_is_trusted_is_set_there(thread, alice, mo, cleo, as_):
    form = {"trust": "trusted", "reason": "Known from the club", "next": thread.get_absolute_url()}
    assert as_(cleo).post(f"/moderation/profiles/{alice.pk}/trust/", form).status_code == 403
    answer = as_(mo).post(
        f"/moderation/profiles/{alice.pk}/trust/", {**form, "next": "https://evil.example/"}
    )
    assert answer["Location"] == alice.get_absolute_url()
    alice.refresh_from_db()
    assert alice.trust == "trusted"
    as_(mo).post(f"/moderation/profiles/{alice.pk}/trust/", {"trust": "king"})
    as_(mo).post(f"/moderation/profiles/{mo.pk}/trust/", form)
    alice.refresh_from_db()
    mo.refresh_from_db()
    assert (alice.trust, mo.trust) == ("trusted", "known")
