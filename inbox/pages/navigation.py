"""The screens of a worker's navigation, in order."""

NAVIGATION: tuple[tuple[str, str], ...] = (
    ("/inbox", "Inbox"),
    ("/appointments", "Appointments"),
    ("/proofs", "Proofs"),
    ("/people", "People"),
)
