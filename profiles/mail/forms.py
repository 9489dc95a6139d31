"""The form of what one hears of, by which road, and when: shape only."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from profiles.models import MailSettings
from profiles.queries import Wish

# Old names of the same zones, and those that no place uses.
LEFT_OUT = ("Etc/", "SystemV/", "US/", "posix/", "right/")


@dataclass(frozen=True)
class KindFields:
    """One line of the form: a kind with its boxes to tick, None where there is nothing to choose."""

    wish: Wish
    in_app: BoundField | None
    email: BoundField


class MailForm(forms.Form):
    """Every kind one may choose about, and the time of the digest."""

    digest_hour = forms.TypedChoiceField(
        label=gettext_lazy("Send the daily digest at"),
        coerce=int,
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
    )
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), required=False)

    def __init__(self, *args: Any, chosen: MailSettings, wishes: list[Wish], **kwargs: Any) -> None:
        initial = {"digest_hour": chosen.digest_hour, "time_zone": chosen.time_zone}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["time_zone"].choices = [  # type: ignore[attr-defined]
            ("", _("Same as this site: %(zone)s") % {"zone": settings.TIME_ZONE}), *_zones(),
        ]  # fmt: skip
        self.wishes = wishes
        for wish in wishes:
            name = wish.kind.key
            if not wish.kind.mail_only:
                self.fields[f"in_app:{name}"] = _box(_("On the site: %(kind)s"), wish, wish.in_app)
            self.fields[f"email:{name}"] = _box(_("By e-mail: %(kind)s"), wish, wish.email)

    def lines(self) -> list[KindFields]:
        """Return the boxes line by line."""
        return [
            KindFields(
                wish,
                None if wish.kind.mail_only else self[f"in_app:{wish.kind.key}"],
                self[f"email:{wish.kind.key}"],
            )
            for wish in self.wishes
        ]

    def times(self) -> list[BoundField]:
        """Return the fields of the digest."""
        return [self["digest_hour"], self["time_zone"]]

    def choices(self) -> dict[str, tuple[bool, bool]]:
        """Return what is wanted of each kind: in the house, by mail."""
        data = self.cleaned_data
        return {
            wish.kind.key: (data.get(f"in_app:{wish.kind.key}", wish.in_app), data[f"email:{wish.kind.key}"])
            for wish in self.wishes
        }


def _box(label: str, wish: Wish, ticked: bool) -> forms.BooleanField:
    return forms.BooleanField(label=label % {"kind": wish.kind.label}, required=False, initial=ticked)


@cache
def _zones() -> list[tuple[str, str]]:
    names = sorted(name for name in available_timezones() if "/" in name and not name.startswith(LEFT_OUT))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]
