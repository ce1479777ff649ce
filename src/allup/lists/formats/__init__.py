"""The formats of lists: each turns the bytes of a list into its entries, as they come."""
