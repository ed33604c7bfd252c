"""The desktop program: windows, canvas and panels over `chainrule.core`. Mathematics and documents live there, not here."""
