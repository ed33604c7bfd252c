"""The other readings of a rule: traced into NumPy calls, and from those printed as text.

Nothing here computes a gradient of its own; it only watches the rules being called.
"""
