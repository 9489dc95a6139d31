"""A disk that is full after some bytes, and a database whose disk is full."""

from __future__ import annotations

import errno
import os
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage
from django.db import connection


class FullDisk(FileSystemStorage):
    """Takes `room` bytes; of the file that is larger than what is left, the beginning stays."""

    def __init__(self, *args: Any, room: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.room = room

    def _save(self, name: str, content: File) -> str:
        data = content.read()
        written = super()._save(name, ContentFile(data[: self.room]))
        self.room -= len(data)
        if self.room < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), name)
        return written


def fill_table(table: str) -> None:
    """Have PostgreSQL refuse every new row of `table` as it does without space; undone with the test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;"
            f"CREATE TRIGGER no_space BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION no_space()"
        )
