"""What is typed on the pages of frameworks."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from goldenthread.rules.documents import LARGEST


def text_of(upload: UploadedFile | None) -> str:
    """The text of a file that was uploaded; nothing where there is none."""
    if upload is None:
        return ""
    if (upload.size or 0) > LARGEST:
        raise forms.ValidationError(f"The file must be smaller than {LARGEST // 1000} kB")
    try:
        return str(upload.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise forms.ValidationError("The file must be text, saved as UTF-8") from None


class PublishForm(forms.Form):
    """A framework pack, as a file or as text, and why and from when it is to hold."""

    file = forms.FileField(
        label="Framework file (YAML)",
        required=False,
        help_text="A file replaces what stands in the box below.",
        max_length=200,
        widget=forms.FileInput,  # the other one offers to clear a file, and none is kept
    )
    document = forms.CharField(
        label="What the framework says",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "class": "gt-document", "spellcheck": "false"}),
    )
    reason = forms.CharField(label="Why there is a new version", required=False, max_length=500)
    effective_on = forms.DateField(label="From which day it holds", initial=timezone.localdate)

    def clean_file(self) -> str:
        """The text of the file."""
        return text_of(self.cleaned_data["file"])

    def clean(self) -> dict:
        """The document from wherever it came."""
        data = super().clean() or {}
        data["document"] = data.get("file") or data.get("document", "").replace("\r\n", "\n")
        if not data["document"].strip() and not self.errors:
            self.add_error("file", "Choose a file, or paste the framework into the box")
        return data
