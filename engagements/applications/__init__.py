"""A municipality's application: sections, sign-off, assessment by each agency, decision; accepting opens an engagement."""
