"""``python -m hokensha_cli``, and the script ``hokensha``: ready for signals before all else is imported."""

import sys

try:
    from hokensha_cli.signals import catch_signals
except KeyboardInterrupt:
    sys.exit(130)


def main() -> None:
    """Run the command line."""
    catch_signals()
    from hokensha_cli.main import main as run  # noqa: PLC0415 - takes the longer part of a second

    run()


if __name__ == "__main__":
    main()
