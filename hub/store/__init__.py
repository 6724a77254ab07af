"""The PostgreSQL store: tables, sealing, audit. Knows no rule of the domain."""
