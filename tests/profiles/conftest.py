"""What the account tests share: an inbox, and a guest's way through the doors."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from tests.conftest import PASSWORD

CODE = re.compile(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", re.MULTILINE)


@pytest.fixture
def guest(db: None) -> Client:
    return Client()


@pytest.fixture
def code() -> Callable[[], str]:
    """The code in the newest mail."""

    def newest() -> str:
        found = CODE.search(str(mail.outbox[-1].body))
        assert found, mail.outbox[-1].body
        return found[0]

    return newest


@pytest.fixture
def sign_up(guest: Client) -> Callable[..., Any]:
    def post(email: str = "nia@example.com", **fields: Any) -> Any:
        form = {"first_name": "Nia", "last_name": "Example", "email": email, "password1": PASSWORD, **fields}
        return guest.post("/accounts/signup/", form)

    return post


@pytest.fixture
def sign_in() -> Callable[..., Client]:
    """Sign in through the page, as people do."""

    def through_the_door(profile: Any, password: str = PASSWORD, **extra: Any) -> Client:
        client = Client(**extra)
        answer = client.post("/accounts/login/", {"login": profile.user.email, "password": password})
        assert answer.status_code == 302, answer.content.decode()
        return client

    return through_the_door
