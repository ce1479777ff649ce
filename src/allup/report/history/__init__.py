"""What a watch leaves behind in a file, and what can be read from it."""
