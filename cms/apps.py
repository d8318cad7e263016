"""The site app, and the static files app told which of DKFDS's files are never served."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class CmsConfig(AppConfig):
    name = "cms"
    default = True


class AssetsConfig(StaticFilesConfig):
    """DKFDS ships sources and portal themes that no page names."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "scss",
        "otf",
        "split",
        "*virk*",
        "*borger*",
        "dkfds.css",
        "dkfds.js",
        "*.map",
    ]
