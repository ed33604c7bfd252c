"""What ships with the program and is not code: fonts, icons, themes and example graphs, read through importlib.resources."""
