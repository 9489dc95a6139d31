from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "community.audit"
    verbose_name = _("Audit log")

    def ready(self) -> None:
        from community.lib.roles import restrict

        restrict("audit_logentry", "SELECT, INSERT")
        restrict("audit_logdetail", "SELECT, INSERT, DELETE")
