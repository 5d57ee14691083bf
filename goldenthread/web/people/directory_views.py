"""The two pages of signing in through the organisation's own directory.

They ask allauth for the adapter that the settings name, which loads what speaks with a directory
(`directory.py`) when somebody first comes this way; most installations have none.
"""

from __future__ import annotations

from typing import cast

from allauth.socialaccount.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET


@login_not_required
@never_cache
@require_GET
def sign_in_through_directory(request: HttpRequest) -> HttpResponse:
    """Lead to the directory; a link, since the policy for forms lets them lead nowhere else."""
    _check_there_is_one()
    return cast(HttpResponse, get_adapter(request).lead(request))


@login_not_required
@never_cache
@require_GET
def come_from_directory(request: HttpRequest) -> HttpResponse:
    """Take the directory's answer."""
    _check_there_is_one()
    return cast(HttpResponse, get_adapter(request).take_answer(request))


def _check_there_is_one() -> None:
    if not settings.DIRECTORY_CLIENT:
        raise Http404
