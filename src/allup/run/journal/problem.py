"""Why a journal cannot be used."""

from allup.model.usage import UsageError


class JournalError(UsageError):
    """A journal cannot be used as it stands; the message says which one, why, and what to do."""
