"""From a step to its verdict: the question it asks under each plausible reading, and the answers put together."""
