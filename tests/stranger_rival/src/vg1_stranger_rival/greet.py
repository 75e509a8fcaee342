"""`vg1 greet`, a second time."""

from __future__ import annotations

from argparse import Namespace

from vg1core import Command, Register, hookimpl


class Greet(Command):
    """Greets everybody."""

    name = "greet"
    help = "greet everybody"

    def run(self, arguments: Namespace) -> int:
        """Say it."""
        print("Good day, everybody.")
        return 0


@hookimpl
def vg1_register_commands(register: Register) -> None:
    register(Greet)
