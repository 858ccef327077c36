"""Small edits of the source that were verified: what was meant."""
