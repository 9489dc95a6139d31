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
from forums.queries.search import SearchQuery
from forums.words import QUERY_CHARACTERS
from profiles.models import Profile

QUICKEST_SECONDS = 2  # no person writes a post in less
_began = TimestampSigner(salt="forums.form")


class TrappedForm(forms.Form):
    """A form with a field people don't see and the time it was made, to catch programs without JavaScript."""

    refusal: Exception | None = None  # why the action refused what was sent

    website = forms.CharField(required=False)
    began = forms.CharField(required=False, widget=forms.HiddenInput)

    def began_now(self) -> str:
        """Return the value of the page's hidden time field."""
        return _began.sign("")

    def arrival(self, address: str) -> Arrival:
        """Return how the form was sent. A missing time counts for nothing: an old page has none."""
        return Arrival("page", address, trapped=bool(self.data.get("website")), hasty=self._is_hasty())

    def _is_hasty(self) -> bool:
        try:
            _began.unsign(self.data.get("began", ""), max_age=QUICKEST_SECONDS)
        except BadSignature:  # or older
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
        label=_("Details"), strip=False, error_messages={"required": _("Write your text.")}
    )
    private = forms.BooleanField(label=_("Private"), required=False)
    docs_page = forms.URLField(
        max_length=500, required=False, assume_scheme="https", widget=forms.HiddenInput
    )

    def clean_tags(self) -> list[str]:
        return split_tags(self.cleaned_data["tags"])


class ReplyForm(TrappedForm):
    body = forms.CharField(
        label=_("Your reply"), strip=False, error_messages={"required": _("Write your text.")}
    )
    reply_to = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)


class EditForm(forms.Form):
    subject = forms.CharField(label=_("Subject"), max_length=SUBJECT_LIMIT, required=False)
    tags = forms.CharField(label=_("Tags"), max_length=250, required=False)
    body = forms.CharField(label=_("Text"), strip=False, error_messages={"required": _("Write your text.")})
    reason = forms.CharField(label=_("Reason for the edit"), max_length=200, required=False)


class SearchForm(forms.Form):
    """The search and its filters, from the query string. Every field is optional."""

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
            raise forms.ValidationError(_("No one has this handle."))
        return int(found)

    def asked(self) -> SearchQuery:
        """Return the search to run; dates are whole days, both included."""
        fields = self.cleaned_data
        return SearchQuery(
            text=fields["q"],
            topic_id=fields["topic"].pk if fields["topic"] else None,
            author_id=fields["author"],
            state=fields["state"],
            tag=fields["tag"].strip().lstrip("#").lower(),
            after=_midnight(fields["after"]),
            before=_midnight(fields["before"], days=1),
        )


def _midnight(day: date | None, days: int = 0) -> datetime | None:
    try:
        return timezone.make_aware(datetime.combine(day + timedelta(days=days), time.min)) if day else None
    except OverflowError:
        return None


def split_tags(value: str) -> list[str]:
    """Return the tags of a field, separated by commas or spaces, with or without #."""
    return [word.lstrip("#") for word in value.replace(",", " ").split()]
