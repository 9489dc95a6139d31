"""Pictures over the API."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from forums.models import Upload

UPLOADS = "/api/v1/uploads/"


def picture(name="my kettle_[1].png"):
    data = BytesIO()
    Image.new("RGB", (40, 30), "#c43").save(data, "PNG")
    return SimpleUploadedFile(name, data.getvalue(), content_type="image/png")


def send(client, file, **options):
    return client.post(UPLOADS, {"file": file}, format="multipart", **options)


def test_a_picture_comes_back_as_markdown(as_, alice, kettles):
    answer = send(as_(alice), picture())
    assert answer.status_code == 201
    found = answer.json()
    assert (found["width"], found["height"]) == (40, 30)
    upload = Upload.objects.get(pk=found["id"])
    assert upload.owner == alice
    assert found["url"].endswith(upload.url) and found["markdown"] == f"![my kettle 1]({upload.url})"
    shown = as_(alice).post("/api/v1/preview/", {"body": found["markdown"]}).json()["body_html"]
    assert upload.url in shown and 'alt="my kettle 1"' in shown


@pytest.mark.parametrize(
    "data", [b"no picture", b"\x89PNG\r\n\x1a\n", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b""]
)
def test_what_is_no_picture_is_refused(as_, alice, data):
    answer = send(as_(alice), SimpleUploadedFile("x.png", data, content_type="image/png"))
    assert answer.status_code == 400
    assert list(answer.json()) == ["file"]


def test_a_file_is_needed_and_a_member(as_, guest, alice):
    assert list(as_(alice).post(UPLOADS, {"file": "text"}, format="multipart").json()) == ["file"]
    assert as_(alice).post(UPLOADS, {"file": "text"}).status_code == 415
    assert send(guest, picture()).status_code == 401


def test_a_form_that_is_too_large_is_refused_by_its_length(as_, alice):
    answer = as_(alice).generic(
        "POST", UPLOADS, b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(2**40)
    )
    assert answer.status_code == 413
    assert answer.json()["code"] == "too_big"


def test_the_same_picture_with_the_same_key_is_kept_once(as_, alice):
    client = as_(alice)
    first, second = (send(client, picture(), headers={"Idempotency-Key": "p-1"}) for _ in range(2))
    assert first.status_code == 201 and first.json() == second.json()
    assert Upload.objects.count() == 1
    other = send(client, picture("other.png"), headers={"Idempotency-Key": "p-1"})
    assert other.json() == first.json()
