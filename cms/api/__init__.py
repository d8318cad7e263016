"""Open data: what the portal publishes for machines to read, and the page that explains it to people.

Read-only, without sign-in, the same for everyone: what an anonymous visitor may see, and never a person. `api` gathers
the rooms' modules, one a subject; `answers` says how every address answers, `listing` how every list is asked and cut.
"""
