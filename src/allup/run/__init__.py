"""The concurrency core: whose turn it is, the fan-out, the strategies, the order of results."""
