"""allauth's form for a new passkey, in our words."""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn import forms
from django.utils.translation import gettext_lazy as _


class AddWebAuthnForm(forms.AddWebAuthnForm):
    """A passkey signs in by itself unless the person says otherwise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        passwordless = self.fields["passwordless"]
        passwordless.initial = True
        passwordless.label = _("Use this passkey to sign in without a password")
        passwordless.help_text = _(
            "Untick this for a security key without a PIN or fingerprint reader. You then use it as a second factor."
        )
