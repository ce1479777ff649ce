"""Reports of shards, read back and put together."""
