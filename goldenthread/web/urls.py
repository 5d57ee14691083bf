"""Every address of the product; each subject has its own list."""

from django.urls import include, path

from goldenthread.web import views

SUBJECTS = (
    "people",
    "tasks",
    "audits",
    "programmes",
    "escalations",
    "registers",
    "improvement",
    "caseload",
    "frameworks",
    "reporting",
    "governance",
    "ledger",
    "demo",
)

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("accessibility/", views.accessibility_statement, name="accessibility_statement"),
    *(path("", include(f"goldenthread.web.{subject}.urls")) for subject in SUBJECTS),
]

handler400 = "goldenthread.web.views.bad_request"
handler403 = "goldenthread.web.views.not_allowed"
handler404 = "goldenthread.web.views.not_found"
handler500 = "goldenthread.web.views.server_error"
