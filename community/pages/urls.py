from django.urls import path

from community.pages import views

urlpatterns = [
    path("pages/<slug:slug>/", views.page_detail, name="page-detail"),
    path("pages/<slug:slug>/useful/", views.page_useful, name="page-useful"),
]
