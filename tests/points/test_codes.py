"""The pool of codes: what goes in, and that a new key reads what an old one sealed."""

from __future__ import annotations

import pytest
from cryptography.fernet import InvalidToken
from django.core.exceptions import PermissionDenied, ValidationError

from community.lib.sealed import unseal
from points.actions.codes import generate_codes, reseal, upload_codes
from points.models import Code


def test_a_csv_adds_each_code_once(credit, root):
    voucher = credit("voucher", [])
    assert upload_codes(root, voucher, "code,note\nA-1,first\nA-2\n\nA-1\n") == (2, 0)
    assert upload_codes(root, voucher, "A-2\r\nA-3\r\n") == (1, 1)
    assert [unseal(one.sealed) for one in Code.objects.order_by("id")] == ["A-1", "A-2", "A-3"]


@pytest.mark.parametrize("text", ["", "code\n", "x" * 101])
def test_a_file_without_codes_is_refused(text, credit, root):
    with pytest.raises(ValidationError):
        upload_codes(root, credit("voucher", []), text)


def test_only_admins_fill_the_pool_and_only_of_credits(credit, reward, mo, root):
    with pytest.raises(PermissionDenied):
        upload_codes(mo, credit("voucher", []), "A")
    with pytest.raises(ValidationError):
        upload_codes(root, reward("mug"), "A")


def test_codes_are_drawn(credit, root):
    voucher = credit("voucher", [])
    assert generate_codes(root, voucher, count=50, prefix="shop") == 50
    texts = {unseal(one.sealed) for one in Code.objects.all()}
    assert len(texts) == 50
    assert all(text.startswith("SHOP-") and len(text) == 24 for text in texts)


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
