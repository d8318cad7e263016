"""The learning side: catalogue, runs, enrolment and completion."""
