"""What arrives while PostgreSQL is away: written to this machine's disk, taken in when it is back."""
