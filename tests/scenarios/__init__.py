"""The executable specification: the tables in `policies/scenarios`, read and put to every evaluator."""
