"""The API, version 1. Each app brings its own routes; only this file knows them all."""

from __future__ import annotations

from django.urls import include, path, re_path

from community.api.views import NothingHere, SchemaDocument, docs_page

app_name = "api"
urlpatterns = [
    path("schema/", SchemaDocument.as_view(), name="schema-read"),
    path("docs/", docs_page, name="docs-read"),
    path("", include("profiles.api.urls")),
    path("", include("points.api.urls")),
    path("", include("forums.api.urls")),
    path("", include("moderation.api.urls")),
    re_path("", NothingHere.as_view(), name="nothing-here"),
]
