"""The panels around the canvas: library, inspector, timeline, plots, history, problems, code, and the search box.

Panels show the player's state and ask the editor for changes; they know nothing of the canvas and compute no gradient.
"""
