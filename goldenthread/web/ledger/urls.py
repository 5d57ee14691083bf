"""Addresses of the ledger's pages."""

from django.urls import path

from goldenthread.web.ledger import reads, views

urlpatterns = [
    path("ledger/", views.show_ledger, name="show_ledger"),
    path("ledger/<int:position>/", views.show_event, name="show_event"),
    path("ledger/about/<str:kind>/<str:public_id>/", views.show_history, name="show_history"),
    path("ledger/reads/", reads.list_reads, name="list_reads"),
    path("ledger/reads/reads.csv", reads.download_reads, name="download_reads"),
]
