"""All addresses: ours first, Wagtail's last; Danish without a prefix, English under /en/."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.decorators.csp import csp_override
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from cms.api.urls import for_machines
from cms.pages.pictures import picture

sign_in = RedirectView.as_view(url="/konto/login/", query_string=True)

urlpatterns = [
    # Wagtail's own sign-in would let a password through without the second factor.
    path("cms/login/", sign_in),
    path("cms/logout/", RedirectView.as_view(pattern_name="account_logout")),
    re_path("^cms/password_reset/", RedirectView.as_view(url="/konto/password/reset/")),
    path("_util/login/", sign_in),
    path(
        "cms/",
        include(decorate_urlpatterns(list(wagtailadmin_urls.urlpatterns), csp_override(settings.SECURE_CSP_CMS))),
    ),
    path("dokumenter/", include(wagtaildocs_urls)),
    path("filer/images/<path:name>", picture, name="picture"),
    path("sitemap.xml", sitemap, name="sitemap"),
    *for_machines,
]

urlpatterns += i18n_patterns(
    path("konto/", include("allauth.urls")),
    path("", include("engagements.urls")),
    path("", include("courses.urls")),
    path("", include("cms.home.urls")),
    path("", include("cms.api.urls")),
    path("netvaerk/", include("cms.network.urls")),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
