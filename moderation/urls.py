from django.urls import path

from moderation import views

urlpatterns = [
    path("moderation/threads/<int:pk>/", views.thread_moderate, name="thread-moderate"),
    path("moderation/posts/<int:pk>/", views.post_moderate, name="post-moderate"),
]
