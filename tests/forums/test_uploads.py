"""Pictures from the editor: refused in words, whatever they hold, and nothing of a refused one is kept."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from community.lib import images
from forums.models import Upload
from tests.lib.test_image_bounds import scan_bomb
from tests.lib.test_images import encode, halves

UPLOADS = "/questions/uploads/"
ORIGIN = {"origin": "http://testserver"}


def send(client: Client, data: bytes, url: str = UPLOADS, **headers: str):  # noqa: ANN201
    return client.post(url, {"file": SimpleUploadedFile("x.jpg", data)}, headers=ORIGIN | headers)


def test_a_guests_scan_bomb_is_refused_in_words(db: None, client: Client) -> None:
    answer = send(client, scan_bomb(5_000))
    assert answer.status_code == 400
    assert "too many layers" in answer.json()["detail"]
    assert Upload.objects.count() == 0


def test_an_image_is_put_off_while_every_helper_is_busy(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    images.pool.close()
    monkeypatch.setattr(images, "DEADLINE", 0.0)
    answer = send(client, encode(halves(), "JPEG"))
    assert (answer.status_code, answer["Retry-After"]) == (429, "5")
    assert "Try again in a moment" in answer.content.decode()
