"""Reports: what was found, in the forms people and programs read. Each format is one file; `formats.py` lists them."""
