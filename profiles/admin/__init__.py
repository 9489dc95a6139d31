"""People in Django admin: profiles and teams for moderators; accounts, roles, keys and e-mail for admins."""

from profiles.admin import champions, people, teams
from profiles.mail import admin as mail

__all__ = ["champions", "mail", "people", "teams"]
