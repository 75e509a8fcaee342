"""`echo`: a backend without a model; it answers every request with the text it is given as the model's name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from vg1core import Backend, Register, Request, Response, Result, hookimpl
from vg1core.types import Space


class Echo(Backend):
    """Answers with the model's name, word for word."""

    name = "echo"

    @property
    def coordinate_space(self) -> Space:
        """No coordinates are ever given."""
        return "pixel"

    def identity(self) -> Mapping[str, str]:
        """The text is all there is."""
        return {"text": self.model}

    def generate(self, requests: Iterable[Request]) -> Iterator[Result]:
        """Answer at once, in order."""
        for request in requests:
            yield Result(request=request, response=Response(text=self.model))


@hookimpl
def vg1_register_backends(register: Register) -> None:
    register(Echo)
