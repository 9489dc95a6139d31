"""Addresses by which things are found: by people who search, and by people about to ask."""

from django.urls import path

from forums.views import search

urlpatterns = [
    path("search/", search.search, name="search"),
    path("search/suggest/", search.search_suggest, name="search-suggest"),
    path("questions/similar/", search.thread_similar, name="thread-similar"),
    path("questions/similar/<int:pk>/solved/", search.thread_solved_it, name="thread-solved-it"),
]
