"""From the characters of a formula to its tree. Knows LaTeX; knows no mathematics."""
