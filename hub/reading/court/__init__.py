"""A case as a timeline that a court can read: what happened, when, and by which record it can be checked."""
