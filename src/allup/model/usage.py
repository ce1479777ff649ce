"""The caller's mistakes."""


class UsageError(Exception):
    """What was asked for cannot be done as it stands (exit 2); the message is for people and holds no secret."""
