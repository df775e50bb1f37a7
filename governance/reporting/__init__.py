"""Procedure 4, the reporting channel; its policy records are in `policies/reporting`."""
