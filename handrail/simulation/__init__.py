"""A made-up fortnight at speed: `handrail simulate`. Whatever goes wrong there would go wrong for a person."""

from handrail.simulation.run import run

__all__ = ["run"]
