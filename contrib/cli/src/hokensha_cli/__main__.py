"""``python -m hokensha_cli``: the command line, where the script is not on the path."""

from hokensha_cli.main import main

if __name__ == "__main__":
    main()
