"""The graph as a document: plain data with invariants, edits that know their inverse, and files.

No tape and no Qt: a document can be read, changed and saved without being run.
"""
