from django.urls import path

from community.api import converters  # noqa: F401  (registers <id:...>)
from moderation.api.log import LogList, LogUndo
from moderation.api.reports import ReportCreate, ReportItem, ReportList
from moderation.api.sanctions import AppealItem, AppealList, SanctionItem, SanctionList
from moderation.api.verbs import BulkModeration, PostModeration, ThreadMerge, ThreadModeration

urlpatterns = [
    path("threads/<id:thread_id>/moderation/", ThreadModeration.as_view(), name="thread-moderate"),
    path("threads/<id:thread_id>/merge/", ThreadMerge.as_view(), name="thread-merge"),
    path("posts/<id:post_id>/moderation/", PostModeration.as_view(), name="post-moderate"),
    path("moderation/bulk/", BulkModeration.as_view(), name="bulk-moderate"),
    path("reports/", ReportCreate.as_view(), name="report-create"),
    path("moderation/reports/", ReportList.as_view(), name="report-list"),
    path("moderation/reports/<id:report_id>/", ReportItem.as_view(), name="report-show"),
    path("moderation/log/", LogList.as_view(), name="log-list"),
    path("moderation/log/<id:entry_id>/undo/", LogUndo.as_view(), name="log-undo"),
    path("moderation/sanctions/", SanctionList.as_view(), name="sanction-list"),
    path("moderation/sanctions/<id:sanction_id>/", SanctionItem.as_view(), name="sanction-show"),
    path("moderation/appeals/", AppealList.as_view(), name="appeal-list"),
    path("moderation/appeals/<id:appeal_id>/", AppealItem.as_view(), name="appeal-show"),
]
