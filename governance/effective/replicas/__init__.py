"""The replicas of forums that decide by themselves: which there are, for how long each may go on, what each has."""
