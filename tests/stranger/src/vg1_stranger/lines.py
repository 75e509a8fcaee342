"""`lines`: the report as one line a suite."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from vg1core import Record, Register, Report, Reporter, hookimpl
from vg1core.report import Pictures, percent


class Lines(Reporter):
    """`report.txt`: suite, number of responses, score."""

    name, suffix = "lines", ".txt"

    def render(self, report: Report, records: Callable[[], Iterable[Record]], pictures: Pictures) -> str:
        """One line a suite, without any markup."""
        return "".join(f"{one.suite} {one.records} {percent(one.summary.mean.value)}\n" for one in report.suites)


@hookimpl
def vg1_register_reporters(register: Register) -> None:
    register(Lines)
