"""Bars made of characters."""


def bar(share: float, width: int, *, plain: bool) -> str:
    """Return a bar over `share` (0 to 1) of `width` cells, to half a cell; `plain` draws it in ASCII."""
    bounded = min(1.0, max(0.0, share))
    if plain:
        return ("#" * round(bounded * width)).ljust(width)
    full, half = divmod(round(bounded * width * 2), 2)
    return ("━" * full + "╸" * half).ljust(width)
