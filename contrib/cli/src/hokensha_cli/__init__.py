"""The command ``hokensha``: one module for each command, imported when it is asked for.

Here is what commands of other distributions are made of; :mod:`hokensha_cli.words` has what all commands say.
A name is imported when it is first asked for, and what finds it as well: signals are caught before.
"""


def __getattr__(name: str) -> object:
    import lazy_loader  # noqa: PLC0415 - see above

    return lazy_loader.attach_stub(__name__, __file__)[0](name)
