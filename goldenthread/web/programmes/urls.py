"""Addresses of the pages about programmes."""

from django.urls import path

from goldenthread.web.programmes.views import allocation, coverage, draws, events, month, nominations, year

AGAIN = "programme/re-audits/<str:public_id>"

urlpatterns = [
    path("programme/", year.list_cycles, name="list_cycles"),
    path("programme/plan/", year.plan_year, name="plan_year"),
    path("programme/targets/", year.list_targets, name="list_targets"),
    path("programme/targets/<str:target>/<str:public_id>/", year.set_target, name="set_target"),
    path("programme/coverage/", coverage.show_coverage, name="show_coverage"),
    path("programme/coverage/audits/", coverage.list_covered_audits, name="list_covered_audits"),
    path("programme/events/", events.list_occurrences, name="list_occurrences"),
    path("programme/events/supervision/", events.record_supervision, name="record_supervision"),
    path("programme/events/incident/", events.record_incident, name="record_incident"),
    path(
        "programme/events/<str:public_id>/withdraw/", events.withdraw_occurrence, name="withdraw_occurrence"
    ),
    path("programme/commissions/", events.list_commissions, name="list_commissions"),
    path("programme/commissions/<str:public_id>/", events.show_commission, name="show_commission"),
    path("programme/commissions/<str:public_id>/by-hand/", events.give_commission, name="give_commission"),
    path("programme/commissions/<str:public_id>/drop/", events.drop_commission, name="drop_commission"),
    path(
        "programme/commissions/<str:public_id>/try-again/",
        events.try_commission_again,
        name="try_commission_again",
    ),
    path("programme/nominations/", nominations.list_nominations, name="list_nominations"),
    path("programme/nominations/<str:public_id>/", nominations.show_nomination, name="show_nomination"),
    path(
        "programme/nominations/<str:public_id>/withdraw/",
        nominations.withdraw_nomination,
        name="withdraw_nomination",
    ),
    path("programme/draws/<str:public_id>/", draws.show_draw, name="show_draw"),
    path("programme/draws/<str:public_id>/frame/", draws.show_frame, name="show_frame"),
    path("programme/draws/<str:public_id>/seed/", draws.draw_picks, name="draw_picks"),
    path("programme/draws/<str:public_id>/abandon/", draws.abandon_draw, name="abandon_draw"),
    path("programme/draws/<str:public_id>/frame.csv", draws.download_frame, name="download_frame"),
    path("programme/draws/<str:public_id>/draw.json", draws.download_draw, name="download_draw"),
    path(f"{AGAIN}/frame.csv", draws.download_reaudit_frame, name="download_reaudit_frame"),
    path(f"{AGAIN}/draw.json", draws.download_reaudit_draw, name="download_reaudit_draw"),
    path("programme/draws/<str:public_id>/picks/<str:key>/replace/", draws.replace_pick, name="replace_pick"),
    path("programme/slots/<str:public_id>/", allocation.edit_slot, name="edit_slot"),
    path("programme/slots/<str:public_id>/drop/", allocation.drop_slot, name="drop_slot"),
    path("programme/audits/<str:public_id>/auditor/", allocation.replace_auditor, name="replace_auditor"),
    path(
        "programme/audits/<str:public_id>/co-auditors/",
        allocation.name_co_auditor,
        name="name_co_auditor",
    ),
    path("programme/<str:public_id>/", month.show_cycle, name="show_cycle"),
    path("programme/<str:public_id>/nominate/", nominations.nominate_case, name="nominate_case"),
    path("programme/<str:public_id>/theme/", year.set_theme, name="set_theme"),
    path("programme/<str:public_id>/re-audits/", month.place_reaudits, name="place_reaudits"),
    path("programme/<str:public_id>/freeze/", draws.freeze_frame, name="freeze_frame"),
    path("programme/<str:public_id>/allocation/", allocation.show_allocation, name="show_allocation"),
    path("programme/<str:public_id>/allocate/", allocation.allocate_cycle, name="allocate_cycle"),
    path("programme/<str:public_id>/leave-out/", allocation.drop_unfilled, name="drop_unfilled"),
    path("programme/<str:public_id>/send/", month.send_cycle, name="send_cycle"),
]
