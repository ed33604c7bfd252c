"""Other languages in which a graph can be written down, one module each; every one reads a graph and returns text.

Chainrule's own file format is not here but in ``core.document.files``.
"""
