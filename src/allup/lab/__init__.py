"""An embedded internet on loopback."""
