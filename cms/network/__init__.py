"""The leaders' network: rounds and regional networks, meetings, a library, threads and a directory; for members only.

Members follow from memberships: every leader of a municipality is one, and the Task Force reads along.
"""
