"""The subjects every database begins with, and who keeps them; editors change them in the CMS."""

from django.contrib.auth.models import Group

from engagements.people import permissions as who
from engagements.people.reference import CMS, grant

from .models import Subject

SUBJECTS = (
    ("underretninger", "Underretninger", "Notifications of concern"),
    ("boernefaglig-undersoegelse", "Børnefaglig undersøgelse", "Child welfare assessment"),
    ("barnets-plan", "Barnets plan", "The child's plan"),
    ("inddragelse", "Inddragelse af barnet", "Involving the child"),
    ("opfoelgning", "Opfølgning", "Follow-up"),
    ("anbringelse", "Anbringelse", "Placement in care"),
    ("ledelse", "Ledelse og ledelsestilsyn", "Management and management audit"),
    ("jura", "Jura og dokumentation", "Law and documentation"),
)
KEEPERS = (who.COURSES, who.LEAD, who.ADMINISTRATORS)


def ensure() -> None:
    """Make the subjects once, and let the keepers change them in the CMS; what editors changed stays."""
    if not Subject.objects.exists():
        Subject.objects.bulk_create(
            [
                Subject(key=key, title_da=danish, title_en=english, order=order)
                for order, (key, danish, english) in enumerate(SUBJECTS, 1)
            ]
        )
    rights = [f"courses.{act}_subject" for act in ("add", "change", "delete", "view")]
    for name in KEEPERS:
        grant(Group.objects.get_or_create(name=name)[0], [CMS, *rights])
