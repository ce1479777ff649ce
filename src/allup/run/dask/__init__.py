"""Lists that the workers of a Dask cluster check, each its part of the hosts, while one process reads and reports."""
