"""Options, commands, wiring."""
