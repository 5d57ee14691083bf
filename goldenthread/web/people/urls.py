"""Addresses of the pages about people, and of signing in."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from goldenthread.web.people import (
    directory_views,
    emergency,
    factors,
    leavers,
    loading,
    passkeys,
    session_views,
    settling,
    signing_in,
    views,
)

urlpatterns = [
    path("sign-in/", signing_in.SignIn.as_view(), name="sign_in"),
    # What django-allauth reaches by its own names; none of its other pages has an address.
    path("sign-in/", signing_in.SignIn.as_view(), name="account_login"),
    path("sign-in/code/", factors.GiveCode.as_view(), name="mfa_authenticate"),
    path("sign-in/passkey/", passkeys.SignInByPasskey.as_view(), name="mfa_login_webauthn"),
    path("sign-in/directory/", directory_views.sign_in_through_directory, name="sign_in_through_directory"),
    path("sign-in/directory/back/", directory_views.come_from_directory, name="come_from_directory"),
    path("my-sign-in/", factors.ShowSignIn.as_view(), name="mfa_index"),
    path("my-sign-in/password/", factors.GivePasswordAgain.as_view(), name="account_reauthenticate"),
    path("my-sign-in/password/change/", signing_in.change_password_page, name="change_password"),
    path("my-sign-in/code/", factors.GiveCodeAgain.as_view(), name="mfa_reauthenticate"),
    path("my-sign-in/passkey/", passkeys.GivePasskeyAgain.as_view(), name="mfa_reauthenticate_webauthn"),
    path("my-sign-in/passkeys/add/", passkeys.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("my-sign-in/passkeys/<int:pk>/name/", passkeys.NamePasskey.as_view(), name="mfa_edit_webauthn"),
    path(
        "my-sign-in/passkeys/<int:pk>/remove/", passkeys.RemovePasskey.as_view(), name="mfa_remove_webauthn"
    ),
    path("my-sign-in/app/", factors.SetUpApp.as_view(), name="mfa_activate_totp"),
    path("my-sign-in/app/remove/", factors.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("my-sign-in/recovery-codes/", factors.ShowRecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path(
        "my-sign-in/recovery-codes/new/",
        factors.RenewRecoveryCodes.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path("sign-out/", LogoutView.as_view(), name="sign_out"),
    path("set-password/<str:person_part>/<str:token>/", signing_in.set_password_page, name="set_password"),
    path("sign-ins/", session_views.list_my_sign_ins, name="list_my_sign_ins"),
    path("sign-ins/others/end/", session_views.end_other_sign_ins, name="end_other_sign_ins"),
    path("sign-ins/stay/", session_views.stay_signed_in, name="stay_signed_in"),
    path("sign-ins/left/", session_views.time_left, name="time_left"),
    path("sign-ins/words/discard/", session_views.discard_kept_words, name="discard_kept_words"),
    path("sign-ins/<str:public_id>/end/", session_views.end_my_sign_in, name="end_my_sign_in"),
    path("people/", views.list_people, name="list_people"),
    path("people/add/", views.add_person, name="add_person"),
    path("people/load/", loading.load_people_page, name="load_people"),
    path("people/load/<slug:name>.csv", loading.download_people_template, name="download_people_template"),
    path("people/organisation/", views.show_organisation, name="show_organisation"),
    path("people/left-behind/", leavers.list_left_behind, name="list_left_behind"),
    path("people/break-glass/", emergency.list_break_glass, name="list_break_glass"),
    path("people/break-glass/<str:public_id>/end/", emergency.end_emergency, name="end_emergency"),
    path("people/unconfirmed/", views.list_unconfirmed, name="list_unconfirmed"),
    path("people/units/<str:public_id>/", views.show_unit, name="show_unit"),
    path("people/units/<str:public_id>/settle/", settling.settle_unit, name="settle_unit"),
    path("people/<str:public_id>/", views.show_person, name="show_person"),
    path("people/<str:public_id>/invite/", views.invite_person, name="invite_person"),
    path("people/<str:public_id>/reset-factors/", factors.reset_factors, name="reset_factors"),
    path("people/<str:public_id>/close-account/", views.close_account, name="close_account"),
    path("people/<str:public_id>/leaves/", leavers.record_leaver, name="record_leaver"),
    path("people/<str:public_id>/stays/", leavers.take_back_leaving, name="take_back_leaving"),
    path("people/<str:public_id>/end-sign-ins/", session_views.end_sign_ins, name="end_sign_ins"),
    path("people/<str:public_id>/settle/", settling.settle_person, name="settle_person"),
]
