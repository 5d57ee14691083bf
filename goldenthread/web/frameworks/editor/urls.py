"""Addresses of the editor's pages."""

from django.urls import path

from goldenthread.web.frameworks import dry_runs
from goldenthread.web.frameworks.editor import conditions, how_many, parts, views

DRAFT = "frameworks/drafts/<str:public_id>/"

urlpatterns = [
    path("frameworks/drafts/begin/", views.begin_draft, name="begin_draft"),
    path("frameworks/publishing/", how_many.set_publishing, name="set_publishing"),
    path("frameworks/compare/", views.compare_frameworks, name="compare_frameworks"),
    path(DRAFT, views.show_draft, name="show_draft"),
    path(f"{DRAFT}check/", views.check_draft, name="check_draft"),
    path(f"{DRAFT}export/", views.export_draft, name="export_draft"),
    path(f"{DRAFT}preview/", views.preview_draft, name="preview_draft"),
    path(f"{DRAFT}preview/forms/<path:name>/", views.preview_draft_form, name="preview_draft_form"),
    path(f"{DRAFT}preview/flows/<path:name>/", views.preview_draft_flow, name="preview_draft_flow"),
    path(f"{DRAFT}dry-run/", dry_runs.dry_run_draft, name="dry_run_draft"),
    path(f"{DRAFT}publish/", views.publish_draft, name="publish_draft"),
    path(f"{DRAFT}confirm/", views.confirm_draft, name="confirm_draft"),
    path(f"{DRAFT}send-back/", views.send_draft_back, name="send_draft_back"),
    path(f"{DRAFT}discard/", views.discard_draft, name="discard_draft"),
    path(f"{DRAFT}part/", parts.edit_part, name="edit_part"),
    path(f"{DRAFT}part/add/", parts.add_part, name="add_part"),
    path(f"{DRAFT}part/arrange/", parts.arrange_parts, name="arrange_parts"),
    path(f"{DRAFT}part/rename/", parts.rename_part, name="rename_part"),
    path(f"{DRAFT}part/remove/", parts.remove_part, name="remove_part"),
    path(f"{DRAFT}part/remove-key/", parts.remove_key, name="remove_key"),
    path(f"{DRAFT}comparison/", conditions.edit_comparison, name="edit_comparison"),
    path(f"{DRAFT}comparison/add/", conditions.add_line, name="add_line"),
]
