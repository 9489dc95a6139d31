"""The public identity that every other app points to."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.lib.countries import COUNTRIES
from community.lib.markdown_urls import shown_host
from profiles.models.user import Role

TONES = 6
LINK_LABELS = {
    "website": _("Website"),
    "github": "GitHub",
    "mastodon": "Mastodon",
    "linkedin": "LinkedIn",
    "x": "X",
}


class Pineapple(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    PRIVATE = "private", _("Prefer not to say")


class Trust(models.TextChoices):
    """How far a member’s texts are looked at before they are shown."""

    NEW = "new", _("New")
    KNOWN = "known", _("Known")
    TRUSTED = "trusted", _("Trusted")


class ProfileQuerySet(models.QuerySet["Profile"]):
    def visible_to(self, viewer: Profile | None) -> ProfileQuerySet:
        """Profiles that exist for `viewer`: deleted accounts keep a nameless one."""
        return self.filter(deactivated_at=None)

    def for_display(self) -> ProfileQuerySet:
        """Only what a byline needs: one slim join to the team."""
        return self.select_related("team").only(*BYLINE_FIELDS)


class Profile(models.Model):
    """A person in public. `user` is null for imported authors, bots and former members."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="profile"
    )
    name = models.CharField(max_length=160)
    handle = models.SlugField(max_length=40, help_text=_("Unique; used in mentions."))
    role = models.CharField(
        max_length=12,
        choices=Role.choices,
        default=Role.MEMBER,
        help_text=_("Public copy of the user's role."),
    )
    team = models.ForeignKey(
        "profiles.Team", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    avatar = models.CharField(max_length=200, blank=True, help_text=_("Storage name of the square picture."))
    tone = models.PositiveSmallIntegerField(default=1, help_text=_("Colour of the initials, 1 to 6."))
    bio = models.TextField(blank=True)
    bio_html = models.TextField(blank=True)
    links = models.JSONField(default=dict, blank=True)
    location = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, blank=True)
    pronouns = models.CharField(max_length=40, blank=True)
    company = models.CharField(max_length=120, blank=True)
    company_role = models.CharField(max_length=120, blank=True)
    pineapple_on_pizza = models.CharField(max_length=8, choices=Pineapple.choices, default=Pineapple.PRIVATE)
    trust = models.CharField(
        max_length=8,
        choices=Trust.choices,
        default=Trust.NEW,
        db_default=Trust.NEW,
        help_text=_("Known and trusted members have higher limits."),
    )
    interests = models.CharField(
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text=_("What the member likes to talk about."),
    )
    products = models.CharField(
        max_length=300, blank=True, default="", db_default="", help_text=_("Products the member uses.")
    )
    shows_interests = models.BooleanField(
        default=False, db_default=False, help_text=_("Whether interests and products are public.")
    )
    level = models.PositiveSmallIntegerField(default=1)
    reputation = models.IntegerField(default=0)
    thread_count = models.PositiveIntegerField(default=0)
    reply_count = models.PositiveIntegerField(default=0)
    solution_count = models.PositiveIntegerField(default=0)
    read_all_before = models.DateTimeField(
        default=timezone.now, help_text=_("Threads older than this are not marked unread.")
    )
    is_bot = models.BooleanField(default=False)
    import_key = models.CharField(max_length=120, null=True, blank=True, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    deactivated_at = models.DateTimeField(null=True, blank=True)
    restricted_until = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("When the last active restriction ends."),
    )

    # Set on the viewer of one request, never stored: the role does not count before there is a second factor.
    role_waits = False

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        constraints = [models.UniqueConstraint(Lower("handle"), name="profile_handle_once")]
        indexes = [
            GinIndex(OpClass(Lower("name"), name="gin_trgm_ops"), name="profile_name_trgm"),
            GinIndex(OpClass(Lower("handle"), name="gin_trgm_ops"), name="profile_handle_trgm"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/community/profiles/{self.pk}/"

    @property
    def initials(self) -> str:
        return initials(self.name)

    @property
    def avatar_url(self) -> str | None:
        return f"{settings.MEDIA_URL}{self.avatar}" if self.avatar else None

    @property
    def shown_links(self) -> list[tuple[str, str, str]]:
        """Label, URL and host of each link, in our order. Only web addresses, whatever an import brought."""
        known = [(LINK_LABELS[kind], str(self.links.get(kind) or "")) for kind in LINK_LABELS]
        shown = (
            (str(label), url, shown_host(url))
            for label, url in known
            if url.startswith(("https://", "http://"))
        )
        return [(label, url, host) for label, url, host in shown if host]

    @property
    def has_details(self) -> bool:
        """Whether the profile says more about the person than name and bio."""
        facts = (self.location, self.country, self.company, self.company_role, self.links)
        return any(facts) or self.pineapple_on_pizza != "private"

    @property
    def country_name(self) -> str:
        """The country in words; letters an import brought and nobody knows stay letters."""
        return COUNTRIES.get(self.country, self.country)

    @property
    def place(self) -> str:
        """Where the person is, in one line."""
        return ", ".join(part for part in (self.location, self.country_name) if part)

    @property
    def is_team(self) -> bool:
        return self.team_id is not None


@lru_cache(maxsize=10_000)
def initials(name: str) -> str:
    """Return the letters of a name that stand for a picture: of its first and last word."""
    words = [word for word in name.split() if word[:1].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"


BYLINE_FIELDS = (
    "id", "name", "handle", "role", "avatar", "tone", "level", "deactivated_at",
    "team_id", "team__id", "team__name", "team__slug",
)  # fmt: skip
