"""What a reader should know of a document beyond the verdicts of its steps."""
