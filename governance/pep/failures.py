"""Why the service gave no answer that counts. Every failure ends as a refusal."""


class UnansweredError(Exception):
    """The service did not answer in a way that counts; `code` says how, for logs and counters.

    Codes: `unreachable`, `timed_out`, `too_large`, `not_200`, `not_json`, `not_i_json`, `not_echoed`, `not_understood`,
    `no_token`. Nothing of the request or the reply is in the message: both name persons.
    """

    def __init__(self, code: str) -> None:
        """Keep the code, which is all that is told."""
        super().__init__(code)
        self.code = code
