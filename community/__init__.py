"""The project: settings, URLs, processes, and the rooms every app stands on.

Owns `lib` (no app imported), `audit` (the append-only log) and `pages` (the site's own texts).
Only `settings.py` and `urls.py` know every app.
"""
