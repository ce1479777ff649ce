"""What is the same target, the same option, the same list: told by fingerprints, since a journal holds no secret."""

from hashlib import blake2b, file_digest
from pathlib import Path
from typing import Final

from allup.model.expectation import Expectation
from allup.model.target import Request, Target
from allup.run.journal.canonical import canonical

WIDTH: Final = 16
"""Bytes of a fingerprint: 128 bits, as in `allup.lists.dedupe`."""
_MOST_KEPT: Final = 256

_Terms = tuple[Request, Expectation]


class Identities:
    """Fingerprints under the key `salt`, so that those of two journals cannot be compared with each other.

    What they are made of may hold a password: who has the journal can try out guesses of it, no more.
    """

    def __init__(self, salt: bytes) -> None:
        self._salt = salt
        self._texts: dict[tuple[int, int], tuple[_Terms, str]] = {}  # the terms are held, and so their ids are theirs

    def of_target(self, target: Target) -> bytes:
        """Return the fingerprint of all that makes `target` what it is, but for its place in the list, in hex."""
        said = f"{target.href} {target.name!r} {target.group!r} {self._terms(target.request, target.expectation)}"
        return self._fingerprint(said).encode()

    def of_value(self, value: object) -> str:
        """Return the fingerprint of `value`, in hex; raises what `canonical` raises."""
        return self._fingerprint(canonical(value))

    def of_file(self, path: Path) -> str:
        """Return the fingerprint of what the file holds, in hex; raises OSError."""
        with path.open("rb") as file:
            return file_digest(file, lambda: blake2b(digest_size=WIDTH, key=self._salt)).hexdigest()

    def _fingerprint(self, text: str) -> str:
        return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=WIDTH, key=self._salt).hexdigest()

    def _terms(self, request: Request, expectation: Expectation) -> str:
        # Most targets of a list share theirs.
        key = (id(request), id(expectation))
        known = self._texts.get(key)
        if known is None:
            if len(self._texts) >= _MOST_KEPT:
                self._texts.clear()
            terms = (request, expectation)
            known = self._texts[key] = (terms, canonical(terms))
        return known[1]
