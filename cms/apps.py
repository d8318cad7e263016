"""The site app, and the static files app told which of DKFDS's files are never served."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class CmsConfig(AppConfig):
    """The site; makes the root of the page tree after migration, and tells the overview of an engagement what to gather."""

    name = "cms"
    default = True

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        import cms.network.messages  # noqa: F401 - says who fetches the network's files
        from cms.home import changes, figures, guideposts, waiting
        from cms.home import reference as home
        from cms.network import members, privacy
        from cms.network import reference as network
        from cms.pages import caching, course_pages, reference, scheduling
        from courses.catalogue import words
        from engagements.programme import overview

        overview.register(
            waiting=waiting.in_engagements,
            figures=figures.of_engagement,
            guideposts=guideposts.of_engagement,
            changes=changes.in_engagement,
        )
        words.register(of_course=course_pages.of_course, of_catalogue=course_pages.of_catalogue)

        caching.connect()
        scheduling.connect()
        post_migrate.connect(reference.ensure, sender=self, dispatch_uid="cms.pages.reference")
        post_migrate.connect(home.ensure, sender=self, dispatch_uid="cms.home.reference")
        post_migrate.connect(network.ensure, sender=self, dispatch_uid="cms.network.reference")
        members.connect()
        privacy.connect()


class AssetsConfig(StaticFilesConfig):
    """DKFDS ships sources, portal themes and font weights that no page names; all that its CSS and JS name must stay."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "scss",
        "otf",
        "split",
        "*virk*",
        "*borger*",
        "dkfds.css",
        "dkfds.js",
        "*-Thin*",
        "*-ExtraLight*",
        "*-Light*",
        "*-Text*",
    ]
