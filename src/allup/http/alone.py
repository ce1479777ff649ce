"""aiohttp in a process that asks through allup and through nothing else."""

import ssl


def import_aiohttp() -> None:
    """Import aiohttp without the authorities that it reads for two contexts of its own: a sixth of its import.

    allup asks over contexts that it makes itself, and only where they are needed. In a process that also has
    sessions of aiohttp's own, these would trust nobody: it is for the command, not for the library.
    """
    ssl.SSLContext.set_default_verify_paths = _read_nothing  # type: ignore[method-assign, assignment]
    try:
        import aiohttp  # noqa: F401, PLC0415
    finally:
        del ssl.SSLContext.set_default_verify_paths  # what it had inherited is there again


def _read_nothing(context: ssl.SSLContext) -> None:
    """Leave `context` without authorities."""
