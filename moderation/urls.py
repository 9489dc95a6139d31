from django.urls import path

from moderation.views import review, tools

urlpatterns = [
    path("moderation/threads/<int:pk>/", tools.thread_moderate, name="thread-moderate"),
    path("moderation/posts/<int:pk>/", tools.post_moderate, name="post-moderate"),
    path("moderation/review/", review.review_list, name="review-list"),
    path("moderation/review/decide/", review.review_decide, name="review-decide"),
    path("moderation/spam/", review.spam_figures, name="spam-figures"),
    path("moderation/spam/filter/", review.spam_filter, name="spam-filter"),
    path("community/limits/", review.limit_list, name="limit-list"),
]
