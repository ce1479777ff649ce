"""Attempts that are made in processes of their own, while everything is decided in the one that started them."""
