"""Messages to people: written to an outbox in the transaction that caused them, sent afterwards in the app, by mail or as a digest."""
