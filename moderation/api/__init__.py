"""Verbs, reports, sanctions, appeals and the log in the REST API."""
