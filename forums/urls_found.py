"""Addresses by which things are found: by people who search, by people about to ask, and by programs."""

from django.urls import path

from forums.views import engines, search

urlpatterns = [
    path("search/", search.search, name="search"),
    path("search/suggest/", search.search_suggest, name="search-suggest"),
    path("questions/similar/", search.thread_similar, name="thread-similar"),
    path("questions/similar/<int:pk>/solved/", search.thread_solved_it, name="thread-solved-it"),
    path("sitemap.xml", engines.sitemap_index, name="sitemap-index"),
    path("sitemap-<slug:kind>-<int:number>.xml", engines.sitemap_part, name="sitemap-part"),
    path("feeds/threads.atom", engines.feed_all, name="feed-all"),
    path("feeds/topics/<slug:slug>.atom", engines.feed_topic, name="feed-topic"),
    path("feeds/tags/<slug:name>.atom", engines.feed_tag, name="feed-tag"),
    path("feeds/threads/<int:pk>.atom", engines.feed_thread, name="feed-thread"),
    path("cards/threads/<int:pk>.png", engines.thread_card, name="thread-card"),
]
