"""Makes everything that Handrail needs, inside the project's folder, on a machine that has Python alone.

Runs before anything is installed: the standard library only. Knows nothing of the program that it sets up.
"""
