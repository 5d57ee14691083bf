"""An authenticator app for tests."""

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "three random words"


def code_of(secret=SECRET):
    """What an app with this secret shows now; the settings may tolerate codes before and after."""
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counters[len(counters) // 2]))


def give_password(person):
    """The person signs in with a password."""
    person.set_password(PASSWORD)
    person.save()
    return person


def give_app(person):
    """The person has set an authenticator app up; the recovery codes that came with it."""
    TOTP.activate(person, SECRET)
    return RecoveryCodes.activate(person).get_unused_codes()
