"""What every database has: topics, rounds, regional networks, the private library, and who keeps them in the CMS."""

from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from engagements.municipalities.models import Region, RegionPeriod
from engagements.people import permissions as who
from engagements.people.reference import CMS, grant

from . import members
from .library import LibraryIndexPage
from .models import Network, NetworkRound, Topic

TOPICS = (
    ("udredning", "Faglig udredning", "Professional assessment", True),
    ("valg-af-indsats", "Valg af indsats", "Choice of measure", True),
    ("opfoelgning", "Opfølgning", "Follow-up", True),
    ("inddragelse", "Inddragelse", "Involvement", True),
    ("ledelse", "Ledelse og organisering", "Management and organisation", False),
    ("underretninger", "Underretninger", "Notifications of concern", False),
    ("rekruttering", "Rekruttering og fastholdelse", "Recruiting and keeping staff", False),
    ("tvaerfagligt", "Samarbejde på tværs", "Working across fields", False),
    ("data", "Data og ledelsesinformation", "Figures for management", False),
)
ROUNDS = (
    ("Netværksperioden 2018–21", "KL", date(2018, 1, 1), date(2021, 12, 31)),
    ("Netværksperioden 2022–25", "KL", date(2022, 1, 1), date(2025, 12, 31)),
    ("Netværksperioden fra 2026", "KL", date(2026, 1, 1), None),
)
LIBRARY = "Ledernetværkets bibliotek"
SLUG = "ledernetvaerk"
KEPT = ("topic", "networkround", "network", "welcomestep")
KEEPERS = (who.NETWORK, who.LEAD, who.ADMINISTRATORS)


def ensure(**kwargs: Any) -> None:
    """Make what is missing; what editors changed stays. The library's privacy is put back if somebody took it away."""
    if not Topic.objects.exists():
        Topic.objects.bulk_create(
            [
                Topic(key=key, title_da=danish, title_en=english, is_guidepost=guidepost, order=order)
                for order, (key, danish, english, guidepost) in enumerate(TOPICS, 1)
            ]
        )
    if not NetworkRound.objects.exists():
        NetworkRound.objects.bulk_create(
            [
                NetworkRound(title=title, host=host, begins_on=begins, ends_on=ends)
                for title, host, begins, ends in ROUNDS
            ]
        )
    _networks()
    rights = [f"cms.{act}_{model}" for model in KEPT for act in ("add", "change", "delete", "view")]
    for name in KEEPERS:
        grant(Group.objects.get_or_create(name=name)[0], [CMS, *rights])
    library()
    collection()


def _networks() -> None:
    """A network for each region of the running round, from the day that both are there."""
    running = NetworkRound.objects.filter(ends_on__isnull=True).order_by("-begins_on").first()
    if running is None or running.networks.exists():
        return
    for region in Region.objects.all():
        periods = RegionPeriod.objects.filter(region=region)
        begins = min(periods.values_list("valid_from", flat=True), default=running.begins_on)
        ends = [period.valid_until for period in periods]
        known = [day for day in ends if day is not None]
        last = max(known) if known and len(known) == len(ends) else None
        if last is None or last > running.begins_on:
            Network.objects.create(
                round=running,
                region=region,
                name=f"Netværk {region.name.removeprefix('Region ')}",
                valid_from=max(begins, running.begins_on),
                valid_until=last,
            )


def readers() -> list[Group]:
    """The groups that read what is for members: all leaders, the host, and the Task Force's own."""
    return [members.group(), *(Group.objects.get_or_create(name=name)[0] for name in (*who.GROUPS, who.HOSTS))]


def library() -> LibraryIndexPage | None:
    """The private section of the page tree; None until there is a front page."""
    from cms.pages.models import HomePage

    found = LibraryIndexPage.objects.first()
    home = HomePage.objects.first()
    if found is None and home is not None:
        found = LibraryIndexPage(title=LIBRARY, slug=SLUG)
        home.add_child(instance=found)
    if found is not None:
        restriction, _made = PageViewRestriction.objects.get_or_create(
            page=Page.objects.get(pk=found.pk), defaults={"restriction_type": PageViewRestriction.GROUPS}
        )
        if restriction.restriction_type == PageViewRestriction.GROUPS:
            restriction.groups.add(*readers())
    return found


def collection() -> Collection | None:
    """The collection of documents and images for members; None until there is a root."""
    root = Collection.get_first_root_node()
    if root is None:
        return None
    found = root.get_children().filter(name=LIBRARY).first() or root.add_child(name=LIBRARY)
    restriction, _made = CollectionViewRestriction.objects.get_or_create(
        collection=found, defaults={"restriction_type": CollectionViewRestriction.GROUPS}
    )
    if restriction.restriction_type == CollectionViewRestriction.GROUPS:
        restriction.groups.add(*readers())
    return found
