"""A graph being run: sessions, the timeline that replays them, training, and questions one can ask of a run.

The document stays in ``core.document``; the mathematics stays in ``core.engine``.
"""
