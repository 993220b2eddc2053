"""All rules together, on the shipped data and on nothing."""

import json

import jsonschema
import pytest
from tests.checks.making import manifest

import azds
from azds.checks import RULES, Finding, check_dataset
from azds.dataset.stores import shipped_store
from azds.records.documents import DOCUMENTS
from azds.records.export import document_schema


@pytest.fixture(scope="module")
def findings() -> list[Finding]:
    """What `check` reports of the shipped article."""
    path = shipped_store()
    assert path is not None
    return azds.open(path)["foreign-relations"].check()


def test_nothing_is_found_where_there_is_nothing() -> None:
    assert check_dataset([], {}) == []
    assert check_dataset([manifest("a")], {}) == []


def test_findings_are_told_by_rule_then_by_revision(findings: list[Finding]) -> None:
    order = list(RULES)
    codes = [one.code for one in findings]
    assert codes == sorted(codes, key=order.index)


def test_each_rule_of_the_issue_finds_something_in_the_shipped_data(
    findings: list[Finding],
) -> None:
    assert {(one.code, one.revision) for one in findings} >= {
        ("counts-differ", "2016"),
        ("counts-differ", "interim"),
        ("list-falls-short", "2016"),
        ("list-falls-short", "interim"),
        ("dates-contradict", "2016"),
        ("reference-number-missing", "2016"),
        ("reference-misaligned", "2016"),
        ("undated", "interim"),
        ("undated", "current"),
        ("order-doubtful", "interim"),
    }
    assert {one.code for one in findings} <= set(RULES)


def test_the_doubt_about_the_order_names_its_signs(findings: list[Finding]) -> None:
    [one] = [one for one in findings if one.code == "order-doubtful"]
    assert one.revision == "interim"
    assert "without NIC" in one.message
    assert {(p.revision, p.key) for p in one.evidence} == {("2016", "NIC")}


def test_no_finding_speaks_of_a_trend_over_revisions_without_dates(
    findings: list[Finding],
) -> None:
    for one in findings:
        assert not {"rose", "since", "until", "grew", "fell"} & set(one.message.split())


def test_findings_fit_their_schema(findings: list[Finding]) -> None:
    text = json.dumps([one.to_document() for one in findings])
    DOCUMENTS["check.v1"].validate(text)
    jsonschema.validate(json.loads(text), document_schema("check.v1"))
