"""What the ledger's list can be narrowed by."""

from django import forms


class LedgerFilter(forms.Form):
    """Whose events, and up to which day."""

    until = forms.DateField(label="Up to the end of", required=False, input_formats=["%d/%m/%Y", "%Y-%m-%d"])
    by = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)


class Place(forms.Form):
    """Where a page of a list starts; anything else is the beginning."""

    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


DAYS = ["%d/%m/%Y", "%Y-%m-%d"]
KINDS = {
    "audit": "Audit",
    "subject": "Case",
    "alert": "Safety alert",
    "dispute": "Dispute about an audit",
    "moderation": "Moderation of an audit",
    "return": "Part of an audit",
    "response": "What follows an audit",
    "action": "Action",
    "agreement": "Agreement",
    "cycle": "Report of a cycle",
    "framework": "Framework",
    "copy": "Copy",
    "late work": "Late work",
    "draw": "Draw",
    "nomination": "Nomination",
    "occurrence": "Supervision or incident",
    "commission": "Audit that something asked for",
    "extract": "Extract of the case system",
    "legal hold": "Legal hold",
    "person": "Report about a person",
}
"""The kinds of record whose opening is noted, in words; those of private concerns are in no list."""


class ReadFilter(forms.Form):
    """What the read log is narrowed to, as it stands in an address: ids and days, never a name."""

    by = forms.CharField(required=False, max_length=20)
    about = forms.CharField(required=False, max_length=20)
    kind = forms.CharField(required=False, max_length=40)
    since = forms.DateField(required=False, input_formats=DAYS)
    until = forms.DateField(required=False, input_formats=DAYS)


class ReadSearch(forms.Form):
    """What somebody looks for in the read log; it is posted, so that no name stands in an address."""

    person = forms.CharField(
        label="Who opened it", help_text="Part of a name, a staff number or an e-mail address", required=False
    )
    reference = forms.CharField(
        label="What was opened",
        help_text="The number of an audit, or the reference of a case",
        required=False,
    )
    kind = forms.ChoiceField(
        label="Kind of record",
        required=False,
        choices=[("", "Any"), *KINDS.items()],
    )
    since = forms.DateField(label="From", required=False, input_formats=DAYS)
    until = forms.DateField(label="To the end of", required=False, input_formats=DAYS)
