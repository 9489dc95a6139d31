from django.urls import path

from moderation.views import tools

urlpatterns = [
    path("moderation/threads/<int:pk>/", tools.thread_moderate, name="thread-moderate"),
    path("moderation/posts/<int:pk>/", tools.post_moderate, name="post-moderate"),
]
