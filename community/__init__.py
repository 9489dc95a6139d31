"""The project: settings, URLs, processes, and the rooms every app stands on.

Owns `lib` (no app imported), `audit` (the append-only log) and `pages` (the site's own texts).
Only `settings.py` and `urls.py` know every app.
"""

# Loaded with the project, so that every process's tasks know their broker.
from community.celery import app as celery_app

__all__ = ["celery_app"]
