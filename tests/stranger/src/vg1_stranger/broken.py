"""Cannot be imported, on purpose: it needs a package that nobody has."""

from __future__ import annotations

import a_package_that_nobody_has

from vg1core import hookimpl


@hookimpl
def vg1_report_header() -> str:
    return a_package_that_nobody_has.__version__
