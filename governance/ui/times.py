"""Times as programs read and send them: RFC 3339, in UTC, and so with a `Z`."""

from datetime import datetime
from typing import Any

from marshmallow import fields

from governance.ui.clock import in_utc


class UtcTime(fields.AwareDateTime):
    """A time of the API. No schema has another field for times: half of the answers in another form are a trap.

    What is sent may be in any zone, but has to say in which; what is answered ends with `Z`.
    """

    def _serialize(self, value: datetime | None, *_args: Any, **_kwargs: Any) -> str | None:  # noqa: ANN401 - marshmallow's signature
        return None if value is None else in_utc(value)
