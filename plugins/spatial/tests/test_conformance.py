"""The datasets of this distribution keep the rules of the conformance kit."""

import pytest

from vg1core.testing import conformance


@pytest.mark.parametrize("source", conformance.sources_of("vg1-plugin-spatial"), ids=lambda source: source.info.name)
@pytest.mark.parametrize("check", conformance.CHECKS, ids=lambda check: check.__name__)
def test_conformance(source, check):
    check(source)
