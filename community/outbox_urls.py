from django.urls import path

from community import outbox

urlpatterns = [
    path("", outbox.outbox_list, name="outbox-list"),
    path("<slug:name>/", outbox.outbox_detail, name="outbox-detail"),
    path("<slug:name>/html/", outbox.outbox_html, name="outbox-html"),
]
