"""Fixtures for the tests of vg1 and of anybody's plugins; pytest finds this by its `pytest11` entry point.

Everything is imported inside the fixtures: pytest loads this module in every run on the machine.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from vg1core.plugins import PluginHost
    from vg1core.testing.hub import Hub


@pytest.fixture
def vg1_host() -> PluginHost:
    """A fresh plugin host over everything that is installed."""
    from vg1core.plugins import PluginHost

    return PluginHost()


@pytest.fixture(scope="session")
def vg1_test_data() -> Path:
    """The folder with real rows and judged responses named by VG1_TEST_DATA; the test is skipped without it."""
    folder = os.environ.get("VG1_TEST_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("needs VG1_TEST_DATA, a folder with real rows and judged responses")
    return Path(folder).resolve()


@pytest.fixture
def vg1_hub() -> Iterator[Hub]:
    """A started Hub-compatible server on loopback; see `vg1core.testing.hub`."""
    from vg1core.testing.hub import Hub

    with Hub() as hub:
        yield hub
