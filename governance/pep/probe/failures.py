"""Why a probe could not do its work; never because it found a leak, which is its work."""


class ProbeError(Exception):
    """The message says what to do."""
