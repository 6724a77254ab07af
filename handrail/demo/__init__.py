"""The demo: `handrail demo` runs the whole hub on invented people; nothing leaves the machine."""

from handrail.demo.run import run

__all__ = ["run"]
