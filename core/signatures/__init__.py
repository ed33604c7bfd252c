"""What the rule book adds while the program runs, written down for editors and type checkers: generated stubs, no code.

`scripts/make_stubs.py` writes the stubs from the records. Nothing is imported from here except for type checking.
"""
