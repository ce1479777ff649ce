"""Are they all up? A concurrent URL status checker."""
