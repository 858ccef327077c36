"""Proving a step: normal form, calculus, the rule book, and the small core that alone makes a `Proof`."""
