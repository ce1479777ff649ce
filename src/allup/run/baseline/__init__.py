"""What an earlier run found, in memory that is small, and what this one finds differently."""
