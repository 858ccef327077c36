"""Refuting: rigorous evaluation in finite models, and the search for values that break a step."""
