"""Django's PostgreSQL engine that does not wait for a server which is away, in processes with limits."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base

from community.lib.database import limits


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects, and checks a kept connection, within `connect_timeout`."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if not limits.is_limited():
            return super().get_new_connection(conn_params)
        with limits.outage.connecting(), limits.patience(self._connect_seconds):
            return super().get_new_connection(conn_params)

    def is_usable(self) -> bool:
        with limits.patience(self._connect_seconds):
            return bool(super().is_usable())

    @property
    def _connect_seconds(self) -> float:
        return float(self.settings_dict["OPTIONS"]["connect_timeout"])
