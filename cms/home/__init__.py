"""The pages that gather from many rooms: front page, Min kommune, Arbejdsplads, search."""
