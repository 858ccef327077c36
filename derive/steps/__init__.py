"""The steps of a document: one relation each, planned before anything is decided."""
