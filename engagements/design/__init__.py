"""The look of the house: the base form with the DKFDS renderer, tables, template tags and the page that performs a move."""
