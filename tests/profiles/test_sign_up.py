"""From a guest to a member: the form, the code, the profile."""

from __future__ import annotations

from django.core import mail

from profiles.models import Profile, User
from tests.conftest import PASSWORD


def test_a_guest_signs_up_types_the_code_and_is_in(guest, sign_up, code):
    answer = sign_up()
    assert answer.status_code == 302 and answer.url == "/accounts/confirm-email/"
    assert guest.get("/settings/profile/").status_code == 302, "not in before the code"

    answer = guest.post("/accounts/confirm-email/", {"code": code()})
    assert answer.status_code == 302 and answer.url == "/community/"
    page = guest.get("/settings/profile/")
    assert page.status_code == 200 and "Nia Example" in page.content.decode()
    profile = Profile.objects.get()
    assert (profile.name, profile.handle, profile.role) == ("Nia Example", "nia-example", "member")
    assert 1 <= profile.tone <= 6
    assert profile.user.emailaddress_set.get().verified


def test_the_code_comes_as_text_and_html_in_our_voice(sign_up, code):
    sign_up()
    [sent] = mail.outbox
    assert sent.subject == f"{code()} is your code for Hearth"
    [html] = [part.content for part in sent.alternatives]
    assert code() in html and "@media" in html and 'style="' in html
    assert "example.com" not in sent.body.lower().replace("nia@example.com", "")


def test_a_wrong_code_does_not_let_anybody_in(guest, sign_up, code):
    sign_up()
    answer = guest.post("/accounts/confirm-email/", {"code": "AAAA-AAAA"})
    assert answer.status_code == 200 and "This code is incorrect" in answer.content.decode()
    assert guest.get("/settings/profile/").status_code == 302
    guest.post("/accounts/confirm-email/", {"code": code()})
    assert guest.get("/settings/profile/").status_code == 200


def test_after_three_wrong_codes_the_right_one_is_of_no_use(guest, sign_up, code):
    sign_up()
    right = code()
    for _try in range(3):
        guest.post("/accounts/confirm-email/", {"code": "AAAA-AAAA"})
    guest.post("/accounts/confirm-email/", {"code": right})
    assert guest.get("/settings/profile/").status_code == 302
    assert not User.objects.get().emailaddress_set.get().verified


def test_one_may_have_a_single_name(sign_up):
    assert sign_up(first_name="Prince", last_name="").status_code == 302
    assert Profile.objects.get().name == "Prince"


def test_a_name_in_another_script_is_shown_as_typed_and_gets_a_numbered_handle(sign_up):
    sign_up(first_name="愛子", last_name="佐藤")
    profile = Profile.objects.get()
    assert profile.name == "愛子 佐藤"
    assert profile.handle.startswith("member-")


def test_accents_stay_in_the_name_and_leave_the_handle(sign_up):
    sign_up(first_name="Zoë", last_name="Øster-Straße")
    profile = Profile.objects.get()
    assert (profile.name, profile.handle) == ("Zoë Øster-Straße", "zoe-oster-strasse")


def test_names_that_nobody_can_read_are_refused_with_a_sentence(sign_up):
    for name in ("\x00", "N\x07ia", "   ", "\u202eaiN", "\u3164", "…", "N" * 80, "N" + "\u0301" * 9):
        answer = sign_up(first_name=name)
        assert answer.status_code == 200, repr(name)
        assert "field__error" in answer.content.decode() or answer.context["form"].errors["first_name"], repr(
            name
        )
    assert not User.objects.exists()


def test_a_weak_password_is_refused_and_what_was_typed_stays(sign_up):
    answer = sign_up(password1="password12")
    page = answer.content.decode()
    assert "too common" in page and 'value="nia@example.com"' in page and 'value="Nia"' in page
    assert not User.objects.exists()


def test_the_address_is_the_same_in_capitals(guest, sign_up, code):
    sign_up(email="Nia@Example.COM")
    guest.post("/accounts/confirm-email/", {"code": code()})
    guest.post("/accounts/logout/")
    answer = guest.post("/accounts/login/", {"login": "NIA@example.com", "password": PASSWORD})
    assert answer.status_code == 302
    assert guest.get("/settings/profile/").status_code == 200
