"""The staff groups and what each may do in the CMS; rights on cases follow from `permissions`, not from these."""

from collections.abc import Iterable

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from . import permissions as who

CMS = "wagtailadmin.access_admin"
REGISTER = (
    "municipality",
    "region",
    "regionperiod",
    "unit",
    "partnership",
    "agency",
    "agencyname",
    "workdomain",
    "staffprofile",
    "disqualification",
    "membership",
)
"""What the administrators keep."""
PROGRAMME = ("offer", "round", "plantemplate", "phasetemplate", "requirement", "requirementversion", "publishedrate")
"""What the lead decides about the programme."""
OUTBOX = "engagements.look_after_outbox"


def _keep(models: Iterable[str], *, app: str = "engagements") -> list[str]:
    return [f"{app}.{act}_{model}" for model in models for act in ("add", "change", "delete", "view")]


EDITOR = [CMS, *_keep(["image"], app="wagtailimages"), *_keep(["document"], app="wagtaildocs")]
RIGHTS: dict[str, list[str]] = {
    who.LEAD: [*EDITOR, OUTBOX, *_keep(PROGRAMME), *_keep(["disqualification"])],
    who.COURSES: EDITOR,
    who.ANALYST: [CMS, *_keep(["publishedrate"])],
    who.NETWORK: EDITOR,
    who.EDITORS: EDITOR,
    who.APPROVERS: EDITOR,
    who.ADMINISTRATORS: [
        *EDITOR,
        OUTBOX,
        *_keep(REGISTER),
        *_keep(PROGRAMME),
        *_keep(["user"], app="users"),
        *_keep(["group"], app="auth"),
        *_keep(["redirect"], app="wagtailredirects"),
    ],
}
PUBLISHERS = (who.LEAD, who.NETWORK, who.ADMINISTRATORS, who.APPROVERS)
EDITORS_OF_FILES = (*PUBLISHERS, who.EDITORS, who.COURSES)


def ensure() -> None:
    """Make the groups with their rights; what administrators add in the CMS stays."""
    groups = {name: Group.objects.get_or_create(name=name)[0] for name in (*who.GROUPS, who.HOSTS)}
    found = _find({name for names in RIGHTS.values() for name in names})
    for group, names in RIGHTS.items():
        groups[group].permissions.add(*(found[name] for name in names if name in found))
    ensure_page_rights()


def grant(group: Group, names: Iterable[str]) -> None:
    """Give the group these rights (`app.codename`); for rooms of other apps, whose models this one does not name."""
    group.permissions.add(*_find(set(names)).values())


def _find(names: set[str]) -> dict[str, Permission]:
    found = _look_up(names)
    # Django makes an app's permissions after this receiver has run for the first time.
    for label in {name.split(".")[0] for name in names - found.keys()}:
        create_permissions(apps.get_app_config(label), verbosity=0)
    return _look_up(names) if names - found.keys() else found


def _look_up(names: set[str]) -> dict[str, Permission]:
    wanted = Q()
    for label in sorted({name.split(".")[0] for name in names}):
        codes = [name.split(".")[1] for name in names if name.startswith(f"{label}.")]
        wanted |= Q(content_type__app_label=label, codename__in=codes)
    return {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.filter(wanted).select_related("content_type")
    }


def ensure_page_rights() -> None:
    """Let writers change and publishers publish all pages, and use all images and documents; needs the root page."""
    root, collection = Page.get_first_root_node(), Collection.get_first_root_node()
    if root is not None:
        let_edit(root, *PUBLISHERS)
        let_write(root, who.EDITORS)
    if collection is not None:
        acts = Permission.objects.filter(
            content_type__app_label__in=["wagtailimages", "wagtaildocs"],
            codename__in=[f"{act}_{kind}" for act in ("add", "change", "choose") for kind in ("image", "document")],
        )
        GroupCollectionPermission.objects.bulk_create(
            [
                GroupCollectionPermission(group=group, collection=collection, permission=act)
                for group in Group.objects.filter(name__in=EDITORS_OF_FILES)
                for act in acts
            ],
            ignore_conflicts=True,
        )


def let_edit(page: Page, *groups: str) -> None:
    """Let these groups edit and publish the page and those below it."""
    _let(page, groups, ["add_page", "change_page", "publish_page", "lock_page", "unlock_page"])


def let_write(page: Page, *groups: str) -> None:
    """Let these groups write the page and those below it, and submit them for approval."""
    _let(page, groups, ["add_page", "change_page"])


def _let(page: Page, groups: Iterable[str], acts: list[str]) -> None:
    GroupPagePermission.objects.bulk_create(
        [
            GroupPagePermission(group=group, page=page, permission=act)
            for group in Group.objects.filter(name__in=groups)
            for act in Permission.objects.filter(
                content_type__app_label="wagtailcore", content_type__model="page", codename__in=acts
            )
        ],
        ignore_conflicts=True,
    )
