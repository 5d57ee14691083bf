"""The reference pages say what the model and the shipped pack say."""

import re
from pathlib import Path

import pytest

from goldenthread.rules.conditions import OPERANDS, OPERATORS
from goldenthread.rules.framework import Framework
from goldenthread.rules.reading import faults, read_pack
from goldenthread.rules.reference import facts_table, flow_page, pack_page

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs/reference"
PACK = (ROOT / "goldenthread/packs/adult-social-care.yaml").read_text()


def page(name):
    return (REFERENCE / name).read_text(encoding="utf-8")


def test_the_page_of_the_pack_is_what_the_model_says():
    assert page("framework-pack.md") == pack_page(), (
        "goldenthread framework reference > docs/reference/framework-pack.md"
    )


def test_the_page_of_the_flow_is_what_the_shipped_pack_says():
    assert page("flow-adult-social-care.md") == flow_page(read_pack(PACK), "audit"), (
        "goldenthread framework flow adult-social-care > docs/reference/flow-adult-social-care.md"
    )


def test_every_key_of_every_part_is_described():
    rows = re.findall(r"^\| `\w+` \| (.+) \| (.*) \|$", pack_page(), flags=re.MULTILINE)

    assert len(rows) > 120
    assert [row for row in rows if not row[1].replace(" **Needed.**", "")] == []
    assert [row for row in rows if "typing." in row[0] or "pydantic" in row[0] or "<class" in row[0]] == []


def test_the_parts_of_a_framework_are_all_there():
    said = pack_page()

    assert all(f"| `{name}` |" in said for name in Framework.model_fields)
    assert {"## Clock with a length", "## Clock until the cycle closes", "## Filing note"} <= set(
        said.splitlines()
    )


def test_the_page_of_conditions_names_every_fact_and_every_key():
    said = page("conditions.md")

    assert facts_table() in said
    assert all(f"`{name.rstrip('_')}`" in said for name in (*OPERANDS, *OPERATORS))


@pytest.mark.parametrize("text", re.findall(r"^```yaml\n(.*?)^```", page("conditions.md"), flags=re.M | re.S))
def test_the_examples_of_conditions_can_be_used_as_they_stand(text):
    inside = text.replace("\n", "\n    ").rstrip()
    document = PACK.replace(
        '    when: {answer: further re-audit, is: "yes"}\n    subject', f"    {inside}\n    subject", 1
    )

    assert document != PACK
    assert faults(document) == []


def test_each_row_of_a_table_stands_on_one_line():
    assert not [line for line in page("framework-pack.md").splitlines() if line.startswith("    ")]
