"""Mail that a provider brings: only with the secret, once, pictures and all."""

from __future__ import annotations

import base64
import json
import os
from io import BytesIO

import pytest
from PIL import Image

from community.checks import mail_is_sent, replies_come_in
from forums.models import ReceivedMail
from forums.reply_address import reply_address

PATH = "/hooks/mail/postmark/inbound/"
SECRET = {"Authorization": "Basic " + base64.b64encode(b"post:office").decode()}


@pytest.fixture(autouse=True)
def provider(settings):
    settings.ROOT_URLCONF = "tests.mail_urls"
    settings.ANYMAIL = {**settings.ANYMAIL, "WEBHOOK_SECRET": ["post:office"]}


@pytest.fixture
def event(bob, thread):
    def make(**fields):
        return {
            "FromFull": {"Email": "bob@example.com", "Name": "Bob"}, "ToFull": [{"Email": reply_address(bob.pk, thread.pk), "Name": ""}],
            "Subject": "Re: Why is the export empty?", "MessageID": "0001", "TextBody": "Check the filter.", "HtmlBody": "",
            "Headers": [{"Name": "Return-Path", "Value": "<bob@example.com>"}, {"Name": "Message-ID", "Value": "<7@mail.example>"}],
            "Attachments": [], **fields,
        }  # fmt: skip

    return make


def test_a_mail_the_provider_brings_twice_is_posted_once(client, thread, event):
    for _again in range(2):
        assert client.post(PATH, event(), content_type="application/json", headers=SECRET).status_code == 200
    assert [post.body for post in thread.posts.filter(number__gt=1)] == ["Check the filter."]


def test_without_the_secret_nothing_is_read(client, thread, event):
    wrong = {"Authorization": "Basic " + base64.b64encode(b"post:man").decode()}
    for headers in ({}, wrong, {"Authorization": "Basic \xff"}):
        answer = client.post(PATH, event(), content_type="application/json", headers=headers)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Basic realm="mail"')
    assert ReceivedMail.objects.count() == 0


def test_a_large_picture_comes_through(client, thread, event):
    picture = BytesIO()
    Image.frombytes("RGB", (1200, 1200), os.urandom(1200 * 1200 * 3)).save(picture, "PNG")
    content = base64.b64encode(picture.getvalue()).decode()
    assert len(content) > 4 * 1024 * 1024
    attached = [{"Name": "noise.png", "ContentType": "image/png", "Content": content}]
    assert (
        client.post(
            PATH, event(Attachments=attached), content_type="application/json", headers=SECRET
        ).status_code
        == 200
    )
    assert thread.posts.get(number=2).uploads.count() == 1


def test_html_alone_is_read_and_a_bounce_is_not(client, thread, event):
    bounce = [{"Name": "Return-Path", "Value": "<>"}, {"Name": "Message-ID", "Value": "<8@mail.example>"}]
    for fields in ({"TextBody": "", "HtmlBody": "<p>Check the <b>filter</b>.</p>"}, {"Headers": bounce}):
        client.post(PATH, event(**fields), content_type="application/json", headers=SECRET)
    assert [post.body for post in thread.posts.filter(number__gt=1)] == ["Check the filter."]
    assert sorted(ReceivedMail.objects.values_list("outcome", flat=True)) == ["ignored", "posted"]


@pytest.mark.parametrize(
    "fields",
    [
        {"Subject": "a\x00b\r\nBcc: x@y.example"}, {"TextBody": "Check\x00 the \ud800 filter."}, {"FromFull": None}, {"ToFull": None},
        {"Headers": [{"Name": "Message-ID", "Value": "\x00" * 50}]}, {"Headers": [{"Name": "Return-Path", "Value": 7}]},
        {"Attachments": [{"Name": "a", "ContentType": "image/png", "Content": "!!"}]}, {"Attachments": "x"}, {"FromFull": {"Email": 5}},
        {"Headers": [{"Name": "To", "Value": "a@b.example, " * 500}]}, {"TextBody": None, "HtmlBody": None}, {"RawEmail": "x"},
    ],
    ids=ascii,
)  # fmt: skip
def test_an_event_that_is_not_as_it_should_be_is_no_error_of_ours(fields, client, event):
    client.raise_request_exception = False
    body = json.dumps(event(**fields))
    assert client.post(PATH, body, content_type="application/json", headers=SECRET).status_code < 500
    client.raise_request_exception = True


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"LOCAL_MODE": False}, ["hearth.E003", "hearth.W002"]),
        ({"MAIL_PROVIDER": "pigeon"}, ["hearth.E001"]),
        ({"MAIL_PROVIDER": "postmark", "EMAIL_URL": "smtp://x"}, ["hearth.E002"]),
        ({"MAIL_PROVIDER": "postmark", "ANYMAIL": {"WEBHOOK_SECRET": []}}, ["hearth.W001"]),
        ({"REPLY_ADDRESS": "reply+me@example.com"}, ["hearth.E004"]),
        ({"REPLY_ADDRESS": "reply"}, ["hearth.E004"]),
        (
            {"REPLY_ADDRESS": "hi@example.com", "DEFAULT_FROM_EMAIL": "Hearth <hi@example.com>"},
            ["hearth.E005"],
        ),
    ],
    ids=str,
)
def test_settings_that_would_lose_mail_are_named(given, said, settings):
    settings.EMAIL_URL = ""
    settings.DEFAULT_FROM_EMAIL = "Hearth <community@localhost.localdomain>"
    for name, value in given.items():
        setattr(settings, name, value)
    assert sorted(one.id for one in [*mail_is_sent(None), *replies_come_in(None)]) == said
