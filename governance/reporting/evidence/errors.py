"""Why a picture is not taken; each says what to do instead."""

from governance.errors import BadInputError
from governance.sentences import Sentence


class PictureRefusedError(BadInputError):
    """What was sent as a picture is not taken. `told` is the sentence for the page."""

    code = "picture_refused"

    def __init__(self, told: Sentence) -> None:
        """Keep the sentence, for the page to say it in its reader's language."""
        super().__init__(str(told))
        self.told = told
