"""Real Chromium, Debian's package, one for the whole run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import PASSWORD

ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=ARGS
        )
        yield browser
        browser.close()


class Visitor:
    """A browser of one person, that notes every error its pages make."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base, self.errors = page, base, []
        page.on(
            "console",
            lambda message: (
                self.errors.append(f"{message.text} {message.location}") if message.type == "error" else None
            ),
        )
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def go(self, path: str) -> None:
        self.page.goto(self.base + path)

    def enter(self, client: Client) -> None:
        """Go on with the session of a test client."""
        self.page.context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.base}]
        )

    def sign_in(self, name: str) -> None:
        self.go("/accounts/login/")
        self.page.fill("input[name=login]", f"{name}@example.com")
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main button[type=submit] >> nth=0")
        self.page.wait_for_url(lambda url: "/login" not in url)


@pytest.fixture
def visitor(chromium: Browser, live_server: Any, transactional_db: None, settings: Any) -> Iterator[Any]:
    """Open a browser: visitor(width=390, scheme="dark", javascript=False)."""
    settings.EMAIL_BACKEND = "community.outbox.OutboxBackend"
    contexts = []

    def open_one(width: int = 1280, scheme: str = "light", javascript: bool = True, **more: Any) -> Visitor:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=javascript, reduced_motion="reduce",
            **more,
        )  # fmt: skip
        contexts.append(context)
        return Visitor(context.new_page(), live_server.url)

    yield open_one
    for context in contexts:
        context.close()


def last_mail() -> str:
    """Return the text of the newest mail in the outbox."""
    newest = max(settings.OUTBOX_DIR.glob("[0-9]*.eml"))
    body = message_from_bytes(newest.read_bytes(), policy=policy.default).get_body(preferencelist=("plain",))
    return str(body.get_content())
