"""The program: settings, wiring, command line, demo. The only room that knows every other."""
