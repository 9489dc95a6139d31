"""Forms check shape only; actions decide."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django import forms
from django.core.signing import BadSignature, TimestampSigner
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forums.gate import Arrival
from forums.models import Topic
from forums.models.thread import SUBJECT_LIMIT, State
from forums.queries.search import Asked
from forums.words import QUERY_CHARACTERS
from profiles.models import Profile

QUICKEST_SECONDS = 2  # nobody writes a question or a reply in less
_began = TimestampSigner(salt="forums.form")


class TrappedForm(forms.Form):
    """A form with a field people do not see, and the time it was made: both work without JavaScript."""

    help_path = ""  # of a page that explains the limit the form ran into

    website = forms.CharField(required=False)
    began = forms.CharField(required=False, widget=forms.HiddenInput)

    def began_now(self) -> str:
        """Return what the page's hidden field holds."""
        return _began.sign("")

    def arrival(self, address: str) -> Arrival:
        """Return how what was sent came in. A missing time is no sign: an old page has none."""
        return Arrival("page", address, trapped=bool(self.data.get("website")), hasty=self._is_hasty())

    def _is_hasty(self) -> bool:
        try:
            _began.unsign(self.data.get("began", ""), max_age=QUICKEST_SECONDS)
        except BadSignature:  # or older than that
            return False
        return True


class AskForm(TrappedForm):
    subject = forms.CharField(
        label=_("Subject"),
        max_length=SUBJECT_LIMIT,
        error_messages={"required": _("Add a subject: one line that says what the thread is about.")},
    )
    topic = forms.ModelChoiceField(
        label=_("Topic"),
        queryset=Topic.objects.select_related("group"),
        to_field_name="slug",
        error_messages={"required": _("Choose a topic."), "invalid_choice": _("Choose a topic.")},
    )
    tags = forms.CharField(label=_("Tags"), max_length=250, required=False)
    body = forms.CharField(
        label=_("Your question"), strip=False, error_messages={"required": _("Write something first.")}
    )
    private = forms.BooleanField(label=_("Confidential"), required=False)
    docs_page = forms.URLField(
        max_length=500, required=False, assume_scheme="https", widget=forms.HiddenInput
    )

    def clean_tags(self) -> list[str]:
        return split_tags(self.cleaned_data["tags"])


class ReplyForm(TrappedForm):
    body = forms.CharField(
        label=_("Your reply"), strip=False, error_messages={"required": _("Write something first.")}
    )
    reply_to = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)


class EditForm(forms.Form):
    subject = forms.CharField(label=_("Subject"), max_length=SUBJECT_LIMIT, required=False)
    tags = forms.CharField(label=_("Tags"), max_length=250, required=False)
    body = forms.CharField(
        label=_("Text"), strip=False, error_messages={"required": _("Write something first.")}
    )
    reason = forms.CharField(label=_("Reason for the edit"), max_length=200, required=False)


class SearchForm(forms.Form):
    """Every field is optional and comes from the address; what makes no sense is said beside its field."""

    q = forms.CharField(required=False, strip=False)
    type = forms.ChoiceField(
        choices=[
            ("threads", _("Threads")),
            ("posts", _("Posts")),
            ("people", _("People")),
            ("tags", _("Tags")),
        ],
        required=False,
    )
    topic = forms.ModelChoiceField(queryset=Topic.objects.all(), to_field_name="slug", required=False)
    author = forms.CharField(max_length=41, required=False)
    state = forms.ChoiceField(choices=State.choices, required=False)
    tag = forms.CharField(max_length=40, required=False)
    after = forms.DateField(required=False)
    before = forms.DateField(required=False)

    def clean_q(self) -> str:
        return str(self.cleaned_data["q"])[:QUERY_CHARACTERS]

    def clean_type(self) -> str:
        return str(self.cleaned_data["type"] or "threads")

    def clean_author(self) -> int | None:
        handle = self.cleaned_data["author"].strip().lstrip("@")
        if not handle:
            return None
        found = (
            Profile.objects.visible_to(None)
            .filter(handle__iexact=handle)
            .values_list("pk", flat=True)
            .first()
        )
        if found is None:
            raise forms.ValidationError(_("Nobody here is called that."))
        return int(found)

    def asked(self) -> Asked:
        """Return what is looked for; dates are whole days, the last included."""
        fields = self.cleaned_data
        return Asked(
            text=fields["q"], topic_id=fields["topic"].pk if fields["topic"] else None, author_id=fields["author"],
            state=fields["state"], tag=fields["tag"].strip().lstrip("#").lower(), after=_midnight(fields["after"]),
            before=_midnight(fields["before"], days=1),
        )  # fmt: skip


def _midnight(day: date | None, days: int = 0) -> datetime | None:
    try:
        return timezone.make_aware(datetime.combine(day + timedelta(days=days), time.min)) if day else None
    except OverflowError:
        return None


def split_tags(value: str) -> list[str]:
    """Return the words of a tag field: commas or spaces between them, # in front allowed."""
    return [word.lstrip("#") for word in value.replace(",", " ").split()]
