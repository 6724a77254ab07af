"""The command `handrail`. Imports nothing heavy by itself: each verb brings its own."""

from handrail.cli import app


def main() -> None:
    app(prog_name="handrail")


if __name__ == "__main__":
    main()
