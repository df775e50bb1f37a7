"""Procedure 4, the reporting channel. Its rooms are not built yet; its policy records are in `policies/reporting`."""
