from django.conf import settings
from django.urls import include, path
from django.views.decorators.http import require_POST

from moderation.views import (
    appeals,
    counts,
    directory,
    log,
    panel,
    reports,
    review,
    sanctions,
    search_report,
    verbs,
)
from moderation.views.guard import for_moderators

use = require_POST(for_moderators(verbs.verb_use))

urlpatterns = [
    path("appeals/<str:token>/", appeals.appeal_detail, name="appeal-detail"),
    path("moderation/appeals/", appeals.appeal_list, name="appeal-list"),
    path("moderation/appeals/<int:pk>/", appeals.appeal_decide, name="appeal-decide"),
    path("moderation/counts/", counts.counts_read, name="counts-read"),
    path("moderation/reports/", reports.report_list, name="report-list"),
    path("moderation/reports/decide/", use, {"target": "report"}, name="reports-decide"),
    path("moderation/reports/<int:pk>/", reports.report_detail, name="report-detail"),
    path("moderation/reports/<int:pk>/claim/", use, {"target": "report"}, name="report-claim"),
    path("moderation/reports/<int:pk>/decide/", use, {"target": "report"}, name="report-decide"),
    path("moderation/reports/<int:pk>/seal/", use, {"target": "report"}, name="report-reveal"),
    path("moderation/sanctions/", sanctions.sanction_list, name="sanction-list"),
    path("moderation/sanctions/new/<int:pk>/", sanctions.sanction_new, name="sanction-new"),
    path("moderation/sanctions/<int:pk>/", sanctions.sanction_detail, name="sanction-detail"),
    path("moderation/sanctions/<int:pk>/lift/", use, {"target": "sanction"}, name="sanction-lift"),
    path("moderation/report/<str:kind>/<int:pk>/", reports.report_new, name="report-new"),
    path("moderation/search/", search_report.search_report, name="search-report"),
    path("moderation/directory/", directory.directory, name="directory-list"),
    path("moderation/threads/", verbs.verb_use, {"target": "thread"}, name="threads-moderate"),
    path("moderation/threads/<int:pk>/", verbs.verb_use, {"target": "thread"}, name="thread-moderate"),
    path("moderation/posts/", verbs.verb_use, {"target": "post"}, name="posts-moderate"),
    path("moderation/posts/<int:pk>/", verbs.verb_use, {"target": "post"}, name="post-moderate"),
    path("moderation/review/", review.review_list, name="review-list"),
    path("moderation/spam/", review.spam_figures, name="spam-figures"),
    path("moderation/spam/filter/", review.spam_filter, name="spam-filter"),
    path("moderation/log/", log.log_list, name="log-list"),
    path("moderation/log/undo/", log.log_undo, name="log-undo"),
    path("moderation/threads/<int:pk>/panel/", panel.thread_panel, name="thread-panel"),
    path("moderation/profiles/<int:pk>/plan/", panel.profile_plan, name="profile-plan"),
    path("moderation/profiles/<int:pk>/trust/", panel.profile_trust, name="profile-trust"),
    path("community/limits/", review.limit_list, name="limit-list"),
]
if settings.LOCAL_MODE:
    urlpatterns.append(path("moderation/demo/", include("moderation.demo")))
