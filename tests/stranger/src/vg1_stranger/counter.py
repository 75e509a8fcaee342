"""`counter`: watches a run; says in the report's head that it does, and at the end how many records it saw."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from typing import Any

from vg1core import Record, Report, hookimpl

seen: Counter[str] = Counter()


@hookimpl
def vg1_report_header(config: Mapping[str, Any]) -> str:
    return f"counted by vg1-stranger, model {config['model']}"


@hookimpl
def vg1_record_done(record: Record) -> None:
    seen[record.suite] += 1


@hookimpl
def vg1_run_finished(report: Report) -> None:
    print(f"counter: {sum(seen.values())} records in {len(report.suites)} suite(s)", file=sys.stderr)
