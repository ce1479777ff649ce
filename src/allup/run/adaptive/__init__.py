"""As many at once as is good for everybody: limits that follow what comes back."""
