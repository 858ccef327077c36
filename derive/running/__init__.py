"""Deciding documents in other processes: killable, limited in time and memory. Nothing here knows mathematics."""
