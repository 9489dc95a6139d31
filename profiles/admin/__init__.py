"""People in Django admin: profiles and teams for moderators; accounts, roles and keys for admins."""

from profiles.admin import champions, mail, people, teams

__all__ = ["champions", "mail", "people", "teams"]
