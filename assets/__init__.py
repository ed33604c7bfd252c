"""What ships with the program and is not code: fonts, icons, themes, example graphs. No module stands here.

All of it is read through ``importlib.resources``.
"""
