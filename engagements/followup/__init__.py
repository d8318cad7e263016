"""What the municipality does about a recommendation: reply, actions, evidence, verification."""
