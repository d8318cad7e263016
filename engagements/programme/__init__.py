"""What the Task Force offers and carries out: offers, rounds, engagements with plan, phases, milestones and team."""
