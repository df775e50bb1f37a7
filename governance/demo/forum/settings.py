"""What the forum is started with: one JSON file, readable by its owner alone, since two secrets are in it."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

_OWNER_ALONE: Final = 0o600


@dataclass(frozen=True, slots=True)
class ForumSettings:
    """Addresses and secrets of one forum.

    `platform` is the forum's name at the service, `staff_door` that of its provider as the place where staff sign in.
    The OIDC client is the service as this forum's provider knows it, the staff client the service's door for staff; the
    kit's client is this forum as the service knows it.
    """

    port: int
    directory: Path
    service_url: str
    platform: str
    oidc_client_id: str
    oidc_client_secret: str = field(repr=False)
    oidc_redirect_uri: str
    staff_door: str
    staff_client_id: str
    staff_client_secret: str = field(repr=False)
    staff_redirect_uri: str
    kit_client_id: str
    kit_client_secret: str = field(repr=False)
    cookie_secret: str = field(repr=False)
    quotes_apart: bool = False
    """Whether an answer stays when the words it quotes are withheld. It is not the rule here: it tells much of them."""

    @property
    def url(self) -> str:
        """The forum's address and its OIDC issuer; loopback only, as anybody may sign in as anybody here."""
        return f"http://127.0.0.1:{self.port}"

    def write(self, path: Path) -> None:
        """Write the settings so that nobody but the owner can ever read them."""
        values = {name: str(value) if isinstance(value, Path) else value for name, value in asdict(self).items()}
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ALONE), "w") as file:
            json.dump(values, file)

    @classmethod
    def read(cls, path: Path) -> "ForumSettings":
        """Read what `write` wrote."""
        values = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{**values, "directory": Path(values["directory"])})
