"""Canaries: whether what fails is the target's fault, or that of the network here."""
