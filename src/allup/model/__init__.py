"""Targets, expectations, results, verdicts, settings and exit codes; the standard library only."""
