"""How every form looks and speaks: the GOV.UK components, through Django's own form rendering."""

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import BaseRenderer
from django.template.loader import get_template, select_template

SECRET = ("password", "token", "csrf", "credential")
"""What the names of fields hold whose content is never kept or shown; a field `code` is one too."""
EXAMPLES = {
    forms.DateTimeField: "For example, 23/12/2026 14:30",
    forms.DateField: "For example, 23/12/2026",
    forms.TimeField: "For example, 14:30",
}
WIDTHS = {
    forms.DateTimeInput: "govuk-input--width-20",
    forms.DateInput: "govuk-input--width-10",
    forms.TimeInput: "govuk-input--width-5",
    forms.NumberInput: "govuk-input--width-5",
}
CLASSES = {
    forms.Textarea: "govuk-textarea",
    forms.RadioSelect: "govuk-radios",
    forms.CheckboxSelectMultiple: "govuk-checkboxes",
    forms.Select: "govuk-select",
    forms.FileInput: "govuk-file-upload",
    forms.CheckboxInput: "govuk-checkboxes__input",
    forms.HiddenInput: "",
    forms.widgets.Input: "govuk-input",
}
GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple, forms.CheckboxInput)


def is_secret(name):
    """Whether what is typed into a field of this name is neither kept nor shown again."""
    plain = name.casefold()
    return plain == "code" or any(part in plain for part in SECRET)


class Worded(forms.Form):
    """A form about one framework; its labels, hints and choices have gaps for words: “{Audits} owed”."""

    def __init__(self, *args, words, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = (field.label or "").format_map(words) or field.label
            field.help_text = field.help_text.format_map(words)
            if isinstance(field, forms.ChoiceField):
                offered = [(key, text.format_map(words)) for key, text in field.choices]  # type: ignore[misc, union-attr]
                field.choices = offered


class _HintedOptions:
    """Options that may each carry a hint, such as the descriptor of a grade."""

    def __init__(self, attrs=None, choices=(), hints=None):
        super().__init__(attrs, choices)  # type: ignore[call-arg]
        self.hints = hints or {}

    def create_option(self, name, value, *args, **kwargs):
        """One option, with its hint where it has one."""
        option = super().create_option(name, value, *args, **kwargs)  # type: ignore[misc]
        option["hint"] = self.hints.get(str(value), "")
        return option


class Radios(_HintedOptions, forms.RadioSelect):
    """Radio buttons; `hints` maps the values (as strings) to the text under each."""


class Checkboxes(_HintedOptions, forms.CheckboxSelectMultiple):
    """Checkboxes; `hints` maps the values (as strings) to the text under each."""


class FoldedCheckboxes(Checkboxes):
    """Checkboxes of which each group folds away under its name; one in which something is ticked is open."""

    template_name = "govuk/widgets/folded_checkboxes.html"

    def get_context(self, name, value, attrs):
        """The groups with how many of each are ticked."""
        context = super().get_context(name, value, attrs)
        folds: dict[str, list] = {}
        for group, options, _ in context["widget"]["optgroups"]:
            folds.setdefault(group or "", []).extend(options)
        context["widget"]["folds"] = [
            {"name": group, "options": options, "ticked": sum(one["selected"] for one in options)}
            for group, options in folds.items()
        ]
        return context


class GovukField(BoundField):
    """A field of a form, with the classes of its component and messages that say what to do."""

    def __init__(self, form, field, name):
        super().__init__(form, field, name)
        self.help_text = field.help_text or _by_kind(EXAMPLES, field)
        for code, message in _messages(field, str(self.label)).items():
            if _is_djangos_own(field, code):
                field.error_messages[code] = message

    @property
    def is_single_checkbox(self) -> bool:
        """Whether the label stands beside the box rather than above the field."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def use_fieldset(self) -> bool:
        """Whether several inputs make the field; an upload is one."""
        return super().use_fieldset and not isinstance(self.field.widget, forms.FileInput)

    @property
    def first_id(self) -> str:
        """The id of the first thing in the field that takes focus, for the error summary."""
        return self.id_for_label or f"{self.auto_id}_0"

    def build_widget_attrs(self, attrs, widget=None):
        """The component's classes; the server checks, so no `required` and no silent cut at a length."""
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        attrs.pop("required", None)
        if "maxlength" in widget.attrs:
            attrs["maxlength"] = False
        if isinstance(widget, GROUPS):
            attrs.pop("aria-invalid", None)
        if classes := self._classes(widget):
            attrs["class"] = classes
        return attrs

    def _classes(self, widget) -> str:
        """The component's class, its error form, its width and what the form itself asked for."""
        component = _by_kind(CLASSES, widget)
        asked = widget.attrs.get("class", "")
        width = "" if "--width-" in asked else _by_kind(WIDTHS, widget)
        error = f"{component}--error" if self.errors and component and not isinstance(widget, GROUPS) else ""
        return " ".join(part for part in (component, width, error, asked) if part)


class GovukRenderer(BaseRenderer):
    """Renders forms with our templates where we have one, else with Django's."""

    form_template_name = "govuk/form.html"
    field_template_name = "govuk/field.html"
    bound_field_class = GovukField

    def get_template(self, template_name):
        """Our `govuk/…` in place of Django's `django/forms/…`."""
        if not template_name.startswith("django/forms/"):
            return get_template(template_name)
        return select_template([template_name.replace("django/forms/", "govuk/", 1), template_name])


def _by_kind(table, thing) -> str:
    """The entry of the first kind in the table that the thing is one of."""
    return next((text for kind, text in table.items() if isinstance(thing, kind)), "")


def _is_djangos_own(field, code) -> bool:
    """Whether the form gave no message of its own for this fault."""
    defaults: dict = {}
    for kind in reversed(type(field).__mro__):
        if kind.__module__.startswith("django."):
            defaults.update(vars(kind).get("default_error_messages", {}))
    return field.error_messages.get(code) == defaults.get(code)


DAYS = ("day ", "date ", "first day", "last day")
"""How the label of a day begins that takes an article inside a sentence."""


def _messages(field, label) -> dict[str, str]:
    """What to say for each fault: which field it is and what to do about it."""
    named = label.strip().rstrip(":")
    lowered = _lowered(named)
    messages = {"required": _required(field, named, lowered), **_invalid(field, named, lowered)}
    if not isinstance(field, forms.FileField):
        escaped = named.replace("%", "%%")
        messages |= {
            "max_length": f"{escaped} must be %(limit_value)d characters or fewer",
            "min_length": f"{escaped} must be %(limit_value)d characters or more",
            "min_value": f"{escaped} must be %(limit_value)s or more",
            "max_value": f"{escaped} must be %(limit_value)s or less",
            "invalid_choice": f"“{escaped}”: choose one of the answers offered",
        }
    return messages


def _required(field, named, lowered) -> str:
    """What to say when nothing was given."""
    if isinstance(field, forms.FileField):
        return "Choose a file"
    if named.endswith("?"):
        return f"Answer “{named}”"
    if isinstance(field, forms.BooleanField):
        return f"Tick the box to confirm: {lowered}"
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return f"Select {lowered}"
    if isinstance(field, forms.DateField) and lowered.startswith(DAYS):
        return f"Enter the {lowered}"
    return f"Enter {lowered}"


def _invalid(field, named, lowered) -> dict[str, str]:
    """What to say when what was given cannot be read."""
    if isinstance(field, forms.DateTimeField):
        return {"invalid": f"{named} must be a real date and time, like 23/12/2026 14:30"}
    if isinstance(field, forms.DateField):
        return {"invalid": f"{named} must be a real date, like 23/12/2026"}
    if isinstance(field, forms.TimeField):
        return {"invalid": f"{named} must be a real time, like 14:30"}
    if isinstance(field, forms.FloatField | forms.DecimalField):
        return {"invalid": f"{named} must be a number, like 12.5"}
    if isinstance(field, forms.IntegerField):
        return {"invalid": f"{named} must be a whole number, like 12"}
    if isinstance(field, forms.EmailField):
        return {"invalid": f"Enter {lowered} in the form name@example.gov.uk"}
    return {}


def _lowered(label) -> str:
    """The label as it reads inside a sentence: “Date of the meeting” but not “NHS number”."""
    return label[0].lower() + label[1:] if label[1:2].islower() else label
