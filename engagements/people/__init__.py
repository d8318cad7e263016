"""Who belongs where: memberships of municipalities with their roles, staff and their agency, invitations and sign-up."""
