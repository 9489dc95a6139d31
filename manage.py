#!/usr/bin/env python
"""Hearth's commands: `manage.py help` lists them, `manage.py up` runs everything."""

import errno
import os
import sys

# What the owner of the data folder can mend.
FOLDER_TROUBLE = {
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT),
    *(errno.EEXIST, errno.ENOTDIR, errno.EISDIR),
}


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "community.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit(
            "Django is not installed for this Python. `make run` prepares everything; then use .venv/bin/python."
        )
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    from community.local.commands import data_dir, local_services
    from community.local.processes import StackError

    try:
        with local_services(sys.argv):
            execute_from_command_line(sys.argv)
    except StackError as error:
        return _refuse(str(error))
    except ImproperlyConfigured as error:
        if settings.configured:
            raise
        return _refuse(str(error))
    except OSError as error:
        if error.errno not in FOLDER_TROUBLE or not str(error.filename).startswith(str(data_dir())):
            raise
        why = f"Hearth cannot use {error.filename}: {error.strerror}."
        return _refuse(
            f"{why} Make {data_dir()} a folder Hearth can write to, or set HEARTH_DATA to another one."
        )
    return 0


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
