"""What is typed when items are agreed on and checks logged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from goldenthread.rules.agreements import Agreed, AgreementRule
from goldenthread.web.forms import Worded

OWN_ROWS = 3
"""Empty rows offered for a team's own items; saving offers as many again."""


class ItemForm(forms.Form):
    """One row of an agreement: what, how, how often; a standard item is taken or left."""

    taken = forms.BooleanField(required=False)
    label = forms.CharField(max_length=150, required=False)
    method = forms.ChoiceField()
    every = forms.ChoiceField()

    def __init__(self, *args: Any, rule: AgreementRule, key: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key = key
        for name, offered in (("method", rule.methods), ("every", rule.every)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(one, one) for one in offered]


def item_forms(rule: AgreementRule, agreed: Iterable[Agreed], data: Any = None) -> list[ItemForm]:
    """A form for each standard item, each of the team's own, and some empty ones for more."""
    taken = {item.key: item for item in agreed if item.key}
    rows = [
        _form(
            rule,
            f"item-{place}",
            taken.get(key) or Agreed(item.label, rule.methods[0], rule.every[0], key),
            key in taken,
            data,
        )
        for place, (key, item) in enumerate(rule.items.items(), start=1)
    ]
    if not rule.own_items:
        return rows
    own = [item for item in agreed if not item.key]
    wanted = len(own) + OWN_ROWS if data is None else _own_rows(data)
    for place in range(1, wanted + 1):
        item = own[place - 1] if place <= len(own) else Agreed("", rule.methods[0], rule.every[0])
        rows.append(_form(rule, f"own-{place}", item, bool(item.label), data))
    return rows


def _own_rows(data: Any) -> int:
    return min(sum(1 for name in data if name.startswith("own-") and name.endswith("-label")), 100)


def _form(rule: AgreementRule, prefix: str, item: Agreed, taken: bool, data: Any) -> ItemForm:
    initial = {"taken": taken, "label": item.label, "method": item.method, "every": item.every}
    return ItemForm(data, prefix=prefix, initial=initial, rule=rule, key=item.key)


def items_from(rule: AgreementRule, rows: Iterable[ItemForm]) -> list[Agreed]:
    """The items that the rows say, once they are valid: those taken, and the team's own that have words."""
    items = []
    for row in rows:
        said = row.cleaned_data
        if row.key and said["taken"]:
            items.append(Agreed(rule.items[row.key].label, said["method"], said["every"], row.key))
        elif not row.key and said["label"].strip():
            items.append(Agreed(said["label"].strip(), said["method"], said["every"]))
    return items


class CheckForm(Worded):
    """What a check found."""

    checked_on = forms.DateField(label="Day of the check", input_formats=["%d/%m/%Y", "%Y-%m-%d"])
    cases = forms.IntegerField(label="How many records did you look at?", min_value=0, max_value=100_000)
    wrong = forms.IntegerField(label="How many were wrong or out of date?", min_value=0, max_value=100_000)
    put_right = forms.IntegerField(label="How many of those are put right?", min_value=0, max_value=100_000)
    note = forms.CharField(
        label="Which are still to be put right, and by whom?",
        help_text="References of the {case_system} only, no names.",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
