"""What an organisation's directory must be before anybody is let in on its word."""

from urllib.parse import urlsplit

SHARED = {"common", "organizations", "consumers"}
"""Names under which Entra answers for every tenant in the world."""
THIS_COMPUTER = {"localhost", "127.0.0.1", "::1"}


def check_directory(*, tenant: str, secret: str, issuer: str) -> None:
    """Refuse a directory that is nobody's in particular, or whose answers could be overheard.

    Raises ValueError with a sentence that names the setting.
    """
    if not tenant or tenant.lower() in SHARED:
        raise ValueError(
            "GOLDENTHREAD_DIRECTORY_TENANT is the id of your own tenant, and none that is shared."
        )
    if not secret:
        raise ValueError("GOLDENTHREAD_DIRECTORY_SECRET is needed with GOLDENTHREAD_DIRECTORY_CLIENT.")
    address = urlsplit(issuer)
    if address.scheme != "https" and not (address.scheme == "http" and address.hostname in THIS_COMPUTER):
        raise ValueError("GOLDENTHREAD_DIRECTORY_ISSUER begins with https://.")
