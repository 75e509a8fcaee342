import pytest

from vg1core.types import Response


@pytest.fixture(scope="module")
def judge():
    """Judge a text against a sample with the verifier the sample names."""
    from vg1core.plugins import PluginHost

    host, verifiers = PluginHost(), {}

    def judge(sample, text, space=None, **response):
        key = (sample.verifier, space, tuple(sample.options.items()))
        if key not in verifiers:
            options = {**sample.options, **({"coordinate_space": space} if space else {})}
            verifiers[key] = host.get("verifier", sample.verifier)(options)
        return verifiers[key].verify(Response(text=text, **response), sample)

    return judge
