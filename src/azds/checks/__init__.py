"""What a careful reader should know of a dataset: contradictions, gaps, doubts.

Pure, over manifests and tables; a finding is data. Each module holds the rules
of one subject.
"""

from azds.checks.finding import Finding, Pointer
from azds.checks.own import check, own_findings
from azds.checks.rules import RULES, check_dataset

__all__ = ["RULES", "Finding", "Pointer", "check", "check_dataset", "own_findings"]
