"""People in Django admin: profiles and teams for moderators; accounts, roles and keys for admins."""

from profiles.admin import mail, people, teams

__all__ = ["mail", "people", "teams"]
