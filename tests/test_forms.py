"""Forms say which fields are required, and "(optional)" only where that is true."""

from __future__ import annotations

import re

from django.template.loader import render_to_string

from points.actions.orders import REQUIRED
from points.forms import ShippingAddressForm
from profiles.forms import DeletionForm, ProfileForm
from tests.conftest import PASSWORD


def marks(form) -> dict[str, str]:
    """Return what the page writes beside each label."""
    page = render_to_string("parts/fields.html", {"form": form})
    labels = re.findall(
        r'<label class="field__label" for="id_(\w+)">[^<]*(?:<span class="muted">([^<]+)</span>)?', page
    )
    return dict(labels)


def test_the_address_of_an_order_marks_what_it_needs():
    form = ShippingAddressForm()
    assert marks(form) == {name: "Required" if name in REQUIRED else "(optional)" for name in form.fields}
    for name in form.fields:
        assert form[name].build_widget_attrs({}).get("required", False) == (name in REQUIRED)


def test_a_choice_that_always_has_a_value_is_not_called_optional(alice):
    found = marks(ProfileForm(profile=alice, viewer=alice))
    assert (found["name"], found["handle"], found["location"], found["country"], found["tone"]) == (
        "Required", "Required", "(optional)", "(optional)", "",
    )  # fmt: skip


def test_deleting_the_account_asks_for_the_box_and_says_what_is_missing(alice, as_, client):
    client.post("/accounts/login/", {"login": "alice@example.com", "password": PASSWORD})
    answer = client.post("/settings/data/", {"do": "delete", "posts": "keep"})
    form = answer.context["form"]
    assert answer.status_code == 400
    assert form.errors["sure"] == ["Tick this box to delete your account."]
    assert form.errors["sure"][0] in answer.content.decode()
    assert DeletionForm()["sure"].label != "Delete my account"
    assert "required" not in DeletionForm()["sure"].as_widget()
