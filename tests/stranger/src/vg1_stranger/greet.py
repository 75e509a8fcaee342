"""`vg1 greet NAME`: a command."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from vg1core import Command, Register, hookimpl


class Greet(Command):
    """Greets."""

    name = "greet"
    help = "greet somebody"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whom."""
        parser.add_argument("whom")

    def run(self, arguments: Namespace) -> int:
        """Say it."""
        print(f"Good day, {arguments.whom}.")
        return 0


@hookimpl
def vg1_register_commands(register: Register) -> None:
    register(Greet)
