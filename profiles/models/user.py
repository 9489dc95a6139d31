"""Sign-in: address, password, role. Nothing here is ever public."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Roles, rising."""

    MEMBER = "member", _("Member")
    CHAMPION = "champion", _("Champion")
    MODERATOR = "moderator", _("Moderator")
    ADMIN = "admin", _("Admin")


RANK = {Role.MEMBER: 0, Role.CHAMPION: 1, Role.MODERATOR: 2, Role.ADMIN: 3}


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a user; the address is the login, kept in lower case."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create an admin (Django's createsuperuser calls this)."""
        return self.create_user(
            email, password, **{**fields, "role": Role.ADMIN, "is_staff": True, "is_superuser": True}
        )

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who can sign in.

    `role` decides `is_staff`, `is_superuser` and the group (see actions.roles).
    """

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.MEMBER)
    role_set_by_hand = models.BooleanField(
        default=False, help_text=_("An admin set the role, so team membership doesn’t change it.")
    )
    role_off_team = models.CharField(
        max_length=12,
        choices=Role.choices,
        blank=True,
        default="",
        db_default="",
        help_text=_("The role to restore after leaving the last team."),
    )
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text=_("Has access to the admin. Set from the role."))
    date_joined = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    previous_visit_at = models.DateTimeField(
        null=True, blank=True, help_text=_("End of the visit before this one: “You were here” in lists.")
    )

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["first_name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return f"User {self.pk}"

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        return self.first_name

    def has_role(self, role: Role | str) -> bool:
        """Say whether this person has `role` or a higher one."""
        return self.is_active and RANK[Role(self.role)] >= RANK[Role(role)]
