"""Template tags of the house; built in, so no template loads them."""

from django import template

register = template.Library()
