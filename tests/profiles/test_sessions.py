"""Where one is signed in, and signing out elsewhere."""

from __future__ import annotations

from allauth.usersessions.models import UserSession

from profiles.devices import device_name
from tests.conftest import PASSWORD


def test_the_list_names_this_place_and_the_others(alice, sign_in):
    sign_in(alice, HTTP_USER_AGENT="Kitchen tablet", REMOTE_ADDR="198.51.100.7")
    here = sign_in(alice, HTTP_USER_AGENT="Work laptop")
    page = here.get("/settings/sessions/").content.decode()
    assert "Work laptop" in page and "Kitchen tablet" in page and "198.51.100.7" in page
    assert page.index("Work laptop") < page.index("This device") < page.index("Kitchen tablet")


def test_signing_out_elsewhere_ends_the_others_only(alice, bob, sign_in):
    elsewhere, here, other_person = sign_in(alice), sign_in(alice), sign_in(bob)
    assert here.post("/settings/sessions/").status_code == 302
    assert elsewhere.get("/settings/profile/").status_code == 302
    assert here.get("/settings/profile/").status_code == 200
    assert other_person.get("/settings/profile/").status_code == 200


def test_one_of_several_can_be_ended(alice, sign_in):
    tablet = sign_in(alice, HTTP_USER_AGENT="Kitchen tablet")
    phone = sign_in(alice, HTTP_USER_AGENT="Phone")
    here = sign_in(alice)
    chosen = UserSession.objects.get(user_agent="Kitchen tablet")
    here.post("/settings/sessions/", {"session": str(chosen.pk)})
    assert tablet.get("/settings/profile/").status_code == 302
    assert phone.get("/settings/profile/").status_code == 200


def test_a_strangers_session_cannot_be_ended(alice, charlie, sign_in):
    victim, thief = sign_in(alice), sign_in(charlie)
    chosen = UserSession.objects.get(user=alice.user)
    thief.post("/settings/sessions/", {"session": str(chosen.pk)})
    assert victim.get("/settings/profile/").status_code == 200


def test_a_new_password_signs_out_elsewhere(alice, sign_in):
    elsewhere, here = sign_in(alice), sign_in(alice)
    form = {
        "oldpassword": PASSWORD,
        "password1": "another quiet evening",
        "password2": "another quiet evening",
    }
    assert here.post("/accounts/password/change/", form).status_code == 302
    assert elsewhere.get("/settings/profile/").status_code == 302
    assert here.get("/settings/profile/").status_code == 200


def test_signing_out_takes_a_post(alice, sign_in):
    here = sign_in(alice)
    here.get("/accounts/logout/")
    assert here.get("/settings/profile/").status_code == 200
    here.post("/accounts/logout/")
    assert here.get("/settings/profile/").status_code == 302


def test_a_suspension_counts_on_the_next_request(alice, sign_in):
    here = sign_in(alice)
    alice.user.is_active = False
    alice.user.save(update_fields=["is_active"])
    assert here.get("/settings/profile/").status_code == 302


def test_devices_have_the_names_people_use():
    chrome = (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36"
    )
    safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1"
    edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36 Edg/142.0"
    assert [device_name(one) for one in (chrome, safari, edge)] == [
        "Chrome on Linux",
        "Safari on iPhone",
        "Edge on Windows",
    ]
    assert [device_name(one) for one in ("curl/8.1", "Kitchen tablet", "")] == [
        "curl",
        "Kitchen tablet",
        "Unknown device",
    ]
