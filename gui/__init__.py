"""The desktop program: windows, canvas and panels over ``chainrule.core``; mathematics and documents live there."""
