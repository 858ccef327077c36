"""Readers of documents: they find headings, prose and formulas with their places. They know no mathematics."""
