"""What the ledger's list can be narrowed by."""

from django import forms


class LedgerFilter(forms.Form):
    """Whose events, and up to which day."""

    until = forms.DateField(label="Up to the end of", required=False, input_formats=["%d/%m/%Y", "%Y-%m-%d"])
    by = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)


class Place(forms.Form):
    """Where a page of a list starts; anything else is the beginning."""

    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
