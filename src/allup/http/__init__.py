"""One attempt, from a target to what came back; the one importer of aiohttp's client."""
