"""The doors and the settings behind them, as a person meets them: accessible at both widths, without a console error."""

from __future__ import annotations

import pytest

from profiles.actions.keys import create_api_key
from tests.browser.looks import violations
from tests.browser.test_passkeys import add_passkey, with_authenticator
from tests.conftest import PASSWORD
from tests.profiles.test_second_factor import totp_code

pytestmark = pytest.mark.browser


class Walk:
    """Looks at each page it comes to."""

    def __init__(self, who) -> None:
        self.who, self.page, self.found = who, who.page, []

    def to(self, path: str) -> None:
        self.who.go(path)
        self.look()

    def press(self, selector: str = "main button[type=submit] >> nth=0") -> None:
        self.page.click(selector)
        self.page.wait_for_load_state()
        self.look()

    def look(self) -> None:
        here = self.page.url.split("/", 3)[3]
        self.found += [f"{here}: {one}" for one in violations(self.page)]


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_joining(visitor, db, width, scheme):
    walk = Walk(visitor(width=width, scheme=scheme))
    page = walk.page
    walk.to("/accounts/signup/")
    for field, text in (
        ("first_name", "Nora"),
        ("last_name", "Newcomer"),
        ("email", "nora@example.com"),
        ("password1", "password12"),
    ):
        page.fill(f"input[name={field}]", text)
    walk.press()  # refused: too common
    page.fill("input[name=password1]", PASSWORD)
    walk.press()
    page.fill("input[name=code]", "AAAA-AAAA")
    walk.press()  # refused: not the code
    walk.to("/accounts/password/reset/")
    page.fill("input[name=email]", "nora@example.com")
    walk.press()
    walk.to("/accounts/password/reset/key/1-abc-0123456789/")
    assert walk.found + walk.who.errors == []


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_the_second_factor(visitor, mo, width, scheme):
    who = visitor(width=width, scheme=scheme)
    who.sign_in("mo")
    walk, page = Walk(who), who.page
    create_api_key(mo.user, label="Nightly")
    walk.to("/accounts/2fa/totp/activate/")
    page.fill("input[name=password]", PASSWORD)
    walk.press()
    secret = page.inner_text("main .code").strip()
    page.fill("input[name=code]", totp_code(secret))
    walk.press()
    with_authenticator(who)
    walk.to("/accounts/2fa/webauthn/add/")
    add_passkey(who)
    for path in ("", "webauthn/", "recovery-codes/", "recovery-codes/generate/", "totp/deactivate/"):
        walk.to(f"/accounts/2fa/{path}")
    for path in ("profile", "security", "sessions", "api-keys"):
        walk.to(f"/settings/{path}/")
    page.fill("input[name=label]", "Robot")
    walk.press("button:has-text('Create key')")
    assert "hearth_" in page.inner_text("main .source")

    page.context.clear_cookies()
    walk.to("/accounts/login/")
    page.fill("input[name=login]", "mo@example.com")
    page.fill("input[name=password]", PASSWORD)
    walk.press()
    page.fill("input[name=code]", "000000")
    walk.press()
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url(lambda url: "/2fa/" not in url)
    assert walk.found + who.errors == []
