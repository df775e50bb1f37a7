"""Requests of this app: what people send as files stays in memory."""

from io import BytesIO
from typing import IO

from flask import Request


class InMemory(Request):
    """A request whose files are never written to a disk.

    THREAT: the library puts a file of more than 500 kB into a folder for temporary files, in the clear. How much memory
    one request may take is bounded by how long it may be.
    """

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        del total_content_length, content_type, filename, content_length
        return BytesIO()
