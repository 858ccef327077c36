"""The normal form: an expression as a rational function over atoms, equal exactly when it is the same function."""
