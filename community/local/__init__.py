"""Local mode: PostgreSQL, Valkey, web, worker and scheduler on one machine, in one data folder (`manage.py up`)."""
