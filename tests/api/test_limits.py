"""How often one may ask: said with every answer, and refused with the time to wait."""

import re

from rest_framework.settings import api_settings

from .conftest import V1, error


def test_every_answer_says_what_is_left(guest, as_, alice, thread):
    first, second = guest.get(f"{V1}/threads/"), guest.get(f"{V1}/threads/")
    assert re.fullmatch(r'"guest";q=\d+;w=60', first["RateLimit-Policy"])
    left = [int(re.search(r"r=(\d+)", answer["RateLimit"])[1]) for answer in (first, second)]
    assert left[1] == left[0] - 1
    both = as_(alice).put(f"{V1}/threads/{thread.pk}/subscription/")
    assert set(re.findall(r'"(\w+)"', both["RateLimit"])) == {"member", "write"}


def test_past_the_limit_the_wait_is_told(guest, thread, monkeypatch):
    monkeypatch.setitem(api_settings.DEFAULT_THROTTLE_RATES, "guest", "2/min")
    for _time in range(2):
        assert guest.get(f"{V1}/threads/").status_code == 200
    answer = guest.get(f"{V1}/threads/")
    assert answer.status_code == 429
    assert error(answer) == "throttled"
    assert 1 <= int(answer["Retry-After"]) <= 60


def test_a_refusal_before_counting_says_nothing_of_limits(client, db):
    answer = client.get(f"{V1}/me/")
    assert answer.status_code == 401
    assert "RateLimit-Policy" not in answer or answer["RateLimit-Policy"]
