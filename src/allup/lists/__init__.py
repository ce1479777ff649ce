"""Sources to targets, as a stream."""
