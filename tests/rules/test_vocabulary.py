"""The words of a framework in every form: singular, plural, at the start of a sentence, with a or an."""

import pytest

from goldenthread.rules.vocabulary import STANDARD, STANDARD_WORDS, Word, article, counted, forms_of


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("audit", "dip sample"),
        ("audits", "dip samples"),
        ("Audit", "Dip sample"),
        ("Audits", "Dip samples"),
        ("an_audit", "a dip sample"),
        ("An_audit", "A dip sample"),
        ("re_audit", "re-audit"),
        ("Areas_to_improve", "Areas to improve"),
        ("a_quality_check", "a quality check"),
        ("An_alert", "An alert"),
    ],
)
def test_a_form_of_a_term_is_said_in_the_organisation_s_word_or_else_the_standard_one(form, said):
    forms = forms_of({"audit": Word(one="dip sample", many="dip samples")})

    assert forms[form] == said


@pytest.mark.parametrize(
    ("word", "before"),
    [
        ("audit", "an"),
        ("case", "a"),
        ("observation", "an"),
        ("one-off check", "a"),
        ("unit check", "a"),
        ("user file", "a"),
        ("uplift", "an"),
        ("European check", "a"),
        ("hour of practice", "an"),
        ("house visit", "a"),
    ],
)
def test_the_article_goes_by_how_the_word_sounds(word, before):
    assert article(word) == before


def test_the_pack_says_the_article_where_the_letters_mislead():
    assert Word(one="MCA check", many="MCA checks", article="an").with_article == "an MCA check"
    assert Word(one="MCA check", many="MCA checks").with_article == "a MCA check"


def test_capitals_within_a_word_stay():
    forms = forms_of({"case system": Word(one="eCase", many="eCases")})

    assert (forms["case_system"], forms["Case_system"]) == ("eCase", "ECase")


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 audits"), (1, "1 audit"), (2, "2 audits"), (3000, "3,000 audits")]
)
def test_a_number_takes_the_word_for_one_or_for_many(number, said):
    assert counted(number, "audit", STANDARD_WORDS) == said


@pytest.mark.parametrize("term", STANDARD)
def test_without_words_of_its_own_a_framework_speaks_the_standard_ones(term):
    assert {STANDARD[term].one, STANDARD[term].many} <= set(forms_of({}).values())
