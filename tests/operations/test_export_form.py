"""The command that writes a published framework's form for other programs."""

import io

import pytest
from django.core.management import CommandError, call_command
from fhir.resources.R4B.questionnaire import Questionnaire
from pyxform.xls2xform import convert

from goldenthread.frameworks.bringing_in import read_form
from goldenthread.rules.reading import read_pack
from tests.make import PACK, publish_pack

pytestmark = pytest.mark.django_db
FORM = next(iter(read_pack(PACK.read_text()).forms.values()))


def test_an_xlsform_is_taken_by_other_tools_and_comes_back_as_the_same_form(tmp_path, capsys):
    publish_pack()
    path = tmp_path / "form.xlsx"

    call_command("export_form", "adult-social-care", "--format", "xlsform", "--out", str(path))

    assert convert(xlsform=io.BytesIO(path.read_bytes()), file_type=".xlsx").xform
    assert read_form(path, path.name).form == FORM
    assert "other programs will not know the evidence to give" in capsys.readouterr().out


def test_a_questionnaire_is_valid_and_comes_back_as_the_same_form(tmp_path):
    publish_pack()
    path = tmp_path / "form.json"

    call_command("export_form", "adult-social-care/case audit", "--format", "fhir", "--out", str(path))

    assert Questionnaire.model_validate_json(path.read_bytes()).version == "1"
    assert read_form(path, path.name).form == FORM


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("nowhere", "There is no published framework “nowhere”"),
        (
            "adult-social-care/nothing",
            "There is no form “nothing”. Name one of them: adult-social-care/case audit.",
        ),
    ],
)
def test_a_form_that_is_not_there_is_said_with_those_that_are(tmp_path, key, says):
    publish_pack()

    with pytest.raises(CommandError, match=says):
        call_command("export_form", key, "--format", "fhir", "--out", str(tmp_path / "form.json"))


def test_a_file_that_cannot_be_written_is_said(tmp_path):
    publish_pack()

    with pytest.raises(CommandError, match="cannot be written"):
        call_command(
            "export_form", "adult-social-care", "--format", "fhir", "--out", str(tmp_path / "a" / "b")
        )
