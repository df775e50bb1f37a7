"""Procedure 4, the reporting channel. Not built yet; its policy records are in `policies/reporting`."""
