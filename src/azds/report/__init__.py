"""Pages that people send each other: one HTML file, without network, safe to open.

`diff_report` shows two revisions, `table_report` two tables of one's own,
`dataset_report` all revisions with what changed between neighbours, `across_report`
articles against each other. Each gives
a `Report`: the page, how much of the changes it shows, and all of them as a table.
Needs the extra ``report``. The command line imports this; `release` may.
"""

from azds.report.across import across_report
from azds.report.reports import Report, dataset_report, diff_report, table_report

__all__ = ["Report", "across_report", "dataset_report", "diff_report", "table_report"]
