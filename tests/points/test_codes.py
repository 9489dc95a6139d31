"""The pool of codes: what goes in, and that a new key reads what an old one sealed."""

from __future__ import annotations

import pytest
from cryptography.fernet import InvalidToken
from django.core.exceptions import PermissionDenied, ValidationError

from community.lib.errors import Conflict
from community.lib.sealed import unseal
from points.actions.codes import generate_codes, reseal, upload_codes, withdraw_code
from points.actions.redemptions import redeem
from points.models import Code


def test_a_csv_adds_each_code_once(credit, root):
    voucher = credit("voucher", [])
    assert upload_codes(root, voucher, "code,note\nA-1,first\nA-2\n\nA-1\n") == (2, 0)
    assert upload_codes(root, voucher, "A-2\r\nA-3\r\n") == (1, 1)
    assert [unseal(one.sealed) for one in Code.objects.order_by("id")] == ["A-1", "A-2", "A-3"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "code\n",
        "x" * 101,
        "A-1\nA\x002\n",
        '"A-1\nA-2\n',
        "A-1\x1b[31m",
        "A\u202e1",
        "A\n" * 10_001,
        "x" * 2_000_001,
        '"' + "y" * 200_000,
    ],
)
def test_a_file_without_codes_is_refused(text, credit, root):
    with pytest.raises(ValidationError):
        upload_codes(root, credit("voucher", []), text)


def test_codes_are_added_by_admins_and_to_credits_only(credit, reward, mo, root):
    with pytest.raises(PermissionDenied):
        upload_codes(mo, credit("voucher", []), "A")
    with pytest.raises(ValidationError):
        upload_codes(root, reward("mug"), "A")


def test_codes_are_generated(credit, root):
    voucher = credit("voucher", [])
    assert generate_codes(root, voucher, count=50, prefix="shop") == 50
    texts = {unseal(one.sealed) for one in Code.objects.all()}
    assert len(texts) == 50
    assert all(text.startswith("SHOP-") and len(text) == 24 for text in texts)


def test_code_is_added_once_across_all_rewards(credit, root):
    credit("voucher", ["A-1"])
    other = credit("other", [])
    assert upload_codes(root, other, "A-1\nB-1") == (1, 1)


def test_what_a_spreadsheet_writes_is_read(credit, root):
    voucher = credit("voucher", [])
    assert upload_codes(root, voucher, '\ufeffcode,who\r\n"B,1",x\r\n=1+1,y\r\n') == (2, 0)
    assert {"B,1", "=1+1"} <= {unseal(one.sealed) for one in Code.objects.all()}


def test_code_is_withdrawn_unless_it_is_claimed(credit, root, mo, alice, give):
    give(alice, 10)
    voucher = credit("voucher", ["A-1", "A-2"])
    redeem(alice, voucher)
    taken, free = Code.objects.order_by("id")
    with pytest.raises(PermissionDenied):
        withdraw_code(mo, free)
    withdraw_code(root, free, reason="misprint")
    with pytest.raises(Conflict):
        withdraw_code(root, taken)
    assert list(Code.objects.all()) == [taken]


def test_a_code_known_under_an_old_key_is_known(credit, root, settings):
    voucher, old = credit("voucher", ["A-1"]), settings.CODES_KEY
    settings.CODES_KEY, settings.CODES_KEY_OLD = "another key, as long as the first", [old]
    assert upload_codes(root, voucher, "A-1\nA-2") == (1, 1)
    assert reseal() == 2


def test_a_new_key_reads_the_old_until_everything_is_sealed_anew(credit, root, settings):
    voucher, old = credit("voucher", ["A-1"]), settings.CODES_KEY
    settings.CODES_KEY, settings.CODES_KEY_OLD = "another key, as long as the first", [old]
    assert unseal(Code.objects.get().sealed) == "A-1"
    assert reseal() == 1
    settings.CODES_KEY_OLD = []
    assert unseal(Code.objects.get().sealed) == "A-1"
    assert upload_codes(root, voucher, "A-1") == (0, 1)
    settings.CODES_KEY = "a stranger's key"
    with pytest.raises(InvalidToken):
        unseal(Code.objects.get().sealed)
