"""What a run has found so far, in a file: a run that was killed goes on from there."""
