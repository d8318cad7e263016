"""How often a race or a kill is repeated: a few times in CI, many times in `make soak`."""

import os

IN_CI = 3


def rounds(soak: int) -> int:
    """`soak` times when ROUNDS is 100, which `make soak` sets; three times where ROUNDS is not given."""
    given = os.environ.get("ROUNDS")
    return max(1, soak * int(given) // 100) if given else IN_CI
