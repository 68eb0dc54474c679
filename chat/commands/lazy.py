"""The commands of `flask --app app`, each loaded when it is called: a server needs none of them.

Each is a file beside this one with a `command` of its name. May import every file beside it.
"""

import importlib
from collections.abc import Collection

import click
from flask.cli import AppGroup


class Commands(AppGroup):
    """Those of an app, by the names of their files."""

    def __init__(self, name: str, files: Collection[str]) -> None:
        super().__init__(name)
        self._files = {file.replace("_", "-"): file for file in files}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self._files})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        file = self._files.get(cmd_name)
        if file is None:
            return super().get_command(ctx, cmd_name)
        command: click.Command = importlib.import_module(f"chat.commands.{file}").command
        return command
