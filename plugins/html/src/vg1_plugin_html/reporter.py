"""`report.html`: one page with numbers, pictures, responses and reasons that needs nothing but itself.

Everything is in the file: style and script stand in it, allowed by their hashes in a content security policy
that forbids all else, and pictures are data: URLs. All text of models and data is escaped by the template engine.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterable
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from vg1_plugin_html.cards import card
from vg1_plugin_html.choose import PER_SUITE, choose
from vg1_plugin_html.passages import clip
from vg1_plugin_html.summary import config_text, groups_of, position, rows_of, totals
from vg1core import Register, hookimpl
from vg1core.report import Pictures, Report, Reporter, interval, percent, visible
from vg1core.types import Record

if TYPE_CHECKING:
    from jinja2 import Environment


class HtmlReporter(Reporter):
    """One self-contained HTML page with pictures, responses, extracted answers and reasons."""

    name, suffix = "html", ".html"

    def __init__(self, *, per_suite: int = PER_SUITE) -> None:
        """Show at most `per_suite` records of a suite; the page says how many there are."""
        self.per_suite = per_suite

    def render(self, report: Report, records: Callable[[], Iterable[Record]], pictures: Pictures) -> str:
        """The page. It holds no times, so that the same records give the same bytes."""
        rows = rows_of(report)
        shown = choose(report, records(), per_suite=self.per_suite)
        style, script = _asset("report.css"), _asset("report.js")
        return _environment().get_template("report.html.j2").render(
            report=report,
            rows=rows,
            groups=groups_of(report, rows),
            totals=totals(rows),
            config=config_text(report.config),
            cards={suite: [card(record, pictures) for record in chosen] for suite, chosen in shown.items()},
            style=_safe(style),
            script=_safe(script),
            style_hash=_hash(style),
            script_hash=_hash(script),
        )  # fmt: skip


def _environment() -> Environment:
    """Jinja with escaping on; control characters are made visible in whatever is put into the page."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    def finalize(value: Any) -> Any:
        return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    environment = Environment(
        loader=PackageLoader("vg1_plugin_html"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "percent": percent,
        "interval": interval,
        "position": position,
        "clip": clip,
        "comma": lambda count: f"{count:,}",
        "label": lambda status: status.replace("_", " "),
    }
    return environment


def _asset(name: str) -> str:
    """A file that ships with the template."""
    return files("vg1_plugin_html").joinpath("templates", name).read_text(encoding="utf-8")


def _safe(text: str) -> Any:
    """Our own style or script, which must not be escaped."""
    from markupsafe import Markup

    return Markup(text)


def _hash(text: str) -> str:
    """The source expression by which a content security policy allows this very text."""
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@hookimpl
def vg1_register_reporters(register: Register) -> None:
    register(HtmlReporter)
