"""Setting up and using an authenticator app and passkeys, in a browser with a device of its own."""

import re

import pytest
from django.core.cache import cache

from goldenthread.ledger.models import Event, EventValues
from tests.browser.conftest import assert_accessible
from tests.factors import PASSWORD, code_of, give_password
from tests.make import make_person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada(settings):
    settings.MFA_TOTP_TOLERANCE = 1  # a test that runs while one code gives way to the next still passes
    cache.clear()
    return give_password(make_person("Ada Auditor"))


@pytest.fixture
def device(context, page):
    """A device that keeps passkeys and always knows its owner's finger."""
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return lambda **more: devtools.send(
        "WebAuthn.setUserVerified", {"authenticatorId": made["authenticatorId"], **more}
    )


def give(page, person):
    """Type address and password."""
    page.goto("/sign-in/")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page):
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/")


def confirm(page):
    """Show again that it is oneself."""
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def ways():
    found = Event.objects.filter(what="person.sign_in").order_by("position")
    return [EventValues.objects.get(event=event).values for event in found]


@pytest.mark.parametrize("width", [1280, 320])
def test_an_app_is_set_up_and_its_code_asked_for(page, ada, width):
    page.set_viewport_size({"width": width, "height": 900})
    give(page, ada)
    page.get_by_role("link", name=re.compile("how you sign in")).click()
    assert_accessible(page)
    page.get_by_role("link", name="Set up").click()
    assert_accessible(page)
    confirm(page)
    assert page.get_by_role("img").evaluate("image => image.naturalWidth") > 0
    assert_accessible(page)
    secret = page.locator("#secret").inner_text().replace(" ", "")
    page.get_by_label("Code that the app shows now").fill("000000")
    page.get_by_role("button", name="Set up").click()
    assert_accessible(page)
    assert page.locator("#secret").inner_text().replace(" ", "") == secret
    page.get_by_label("Code that the app shows now").fill(code_of(secret))
    page.get_by_role("button", name="Set up").click()
    page.wait_for_url("**/recovery-codes/")
    assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download them").click()
    kept = download.value.path().read_text()
    assert download.value.suggested_filename == "recovery-codes.txt"
    assert all(code in kept for code in page.locator("li code").all_inner_texts())
    page.get_by_role("button", name="I have kept them").click()
    assert_accessible(page)
    sign_out(page)

    cache.clear()  # the code that set the app up would not do again
    give(page, ada)
    page.wait_for_url("**/sign-in/code/")
    assert_accessible(page)
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/tasks/")

    page.goto("/my-sign-in/recovery-codes/new/")
    confirm(page)
    assert_accessible(page)
    page.goto("/my-sign-in/app/remove/")
    assert_accessible(page)
    page.get_by_role("button", name="Remove it").click()
    page.get_by_text("Authenticator app removed").wait_for()


def add_passkey(page, name):
    """Add a passkey that signs in alone."""
    page.goto("/my-sign-in/passkeys/add/")
    confirm(page)
    page.get_by_label("What to call it").fill(name)
    page.get_by_label("Sign in with it alone").check()
    page.get_by_role("button", name="Add it").click()
    page.wait_for_url("**/recovery-codes/")


@pytest.mark.parametrize("width", [1280, 320])
def test_a_passkey_is_added_named_used_both_ways_and_removed(page, ada, device, width):
    page.set_viewport_size({"width": width, "height": 900})
    give(page, ada)
    add_passkey(page, "My laptop")
    page.goto("/my-sign-in/")
    page.get_by_role("link", name="Rename My laptop").click()
    page.get_by_label("What to call it").fill("My work laptop")
    page.get_by_role("button", name="Rename").click()
    page.get_by_role("cell", name="My work laptop", exact=True).wait_for()
    sign_out(page)

    give(page, ada)
    page.wait_for_url("**/sign-in/code/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/tasks/")
    sign_out(page)

    page.goto("/sign-in/?next=/audits/")
    page.get_by_role("button", name="Use a passkey instead").click()
    page.wait_for_url(re.compile(r"\d/audits/$"))
    assert ways()[-2:] == ['{"how":"password and passkey"}', '{"how":"passkey"}']

    page.goto("/my-sign-in/")
    page.get_by_role("link", name="Remove My work laptop").click()
    page.get_by_role("link", name="Use a passkey instead").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("heading", name="Remove “My work laptop”").wait_for()
    page.get_by_role("button", name="Remove it").click()
    page.get_by_text("Passkey removed").wait_for()
    assert not ada.authenticator_set.exists()


def test_the_pages_of_passkeys_are_accessible(page, ada, device):
    give(page, ada)
    add_passkey(page, "My laptop")
    # The checker's own session with the browser unplugs the device, which is not needed from here on.
    for path in ("", "passkeys/add/", "passkey/?next=/tasks/", "password/"):
        page.goto(f"/my-sign-in/{path}")
        assert_accessible(page)
    for link in ("Rename My laptop", "Remove My laptop"):
        page.goto("/my-sign-in/")
        page.get_by_role("link", name=link).click()
        assert_accessible(page)
    sign_out(page)
    assert_accessible(page)
    give(page, ada)
    page.wait_for_url("**/sign-in/code/")
    assert_accessible(page)


def test_a_device_that_does_not_know_its_owner_signs_nobody_in_and_the_page_says_so(page, ada, device):
    give(page, ada)
    add_passkey(page, "My laptop")
    sign_out(page)
    device(isUserVerified=False)

    page.get_by_role("button", name="Use a passkey instead").click()

    page.get_by_text("The passkey was not used").wait_for()
    assert page.goto("/tasks/").url.endswith("/sign-in/?next=/tasks/")


def test_without_javascript_the_pages_of_passkeys_say_what_to_do(browser, live_server, client, ada, settings):
    client.post("/sign-in/", {"username": ada.email, "password": PASSWORD})
    client.post("/my-sign-in/password/", {"password": PASSWORD})
    profile = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    name = settings.SESSION_COOKIE_NAME
    profile.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page = profile.new_page()

    page.goto("/my-sign-in/passkeys/add/")
    said = page.locator("noscript p")
    assert said.is_visible()
    assert "set up an authenticator app, which works without" in said.inner_text()
    assert page.get_by_role("button", name="Add it").count() == 0
    profile.clear_cookies()
    page.goto("/sign-in/")
    assert "A password works without" in page.locator("noscript p").inner_text()
    profile.close()
