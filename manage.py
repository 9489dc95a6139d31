#!/usr/bin/env python
"""Hearth's commands: `manage.py help` lists them, `manage.py up` runs everything."""

import os
import sys


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "community.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed for this Python. `make run` prepares everything; then use .venv/bin/python.")
    from community.local import local_services
    from community.processes import StackError

    try:
        with local_services(sys.argv):
            execute_from_command_line(sys.argv)
    except StackError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
