"""What people do with an engagement: open it, change its plan and team, write notes, add documents."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from engagements.lifecycle import MoveRefused, record

from .models import Engagement, Milestone, Offer, Phase, PlanTemplate
from .plan import STANDARD_MONTHS, milestone_dates, spans

if TYPE_CHECKING:
    from engagements.municipalities.models import Municipality
    from engagements.users.models import User


@transaction.atomic
def open_engagement(
    *,
    municipality: "Municipality",
    offer: Offer,
    case_no: str,
    focus: str,
    starts_on: date,
    by: "User | None",
    template: PlanTemplate | None = None,
) -> Engagement:
    """Open an engagement with its phases and standard milestones from a plan template (the offer's default).

    Raises MoveRefused if the municipality already has a running engagement of this kind.
    """
    if Engagement.objects.running().filter(municipality=municipality, offer=offer).exists():
        raise MoveRefused(_("The municipality already has a running engagement of this kind."))
    engagement = Engagement(
        case_no=case_no, municipality=municipality, offer=offer, focus=focus.strip(), starts_on=starts_on
    )
    engagement.full_clean(validate_constraints=False)
    engagement.save()
    template = template or offer.plan_templates.filter(is_default=True).first()
    months = list(template.phases.values_list("kind", "months")) if template else []
    placed = spans(starts_on, months or STANDARD_MONTHS)
    Phase.objects.bulk_create(
        Phase(engagement=engagement, kind=span.kind, order=order, starts_on=span.starts_on, ends_on=span.ends_on)
        for order, span in enumerate(placed)
    )
    with override("da"):  # Stored in the site's language; shown by kind in the reader's.
        Milestone.objects.bulk_create(
            Milestone(
                engagement=engagement,
                kind=place.kind,
                title=str(Milestone.Kind(place.kind).label),
                due_on=day,
                side=place.side,
            )
            for place, day in milestone_dates(placed)
        )
    record(engagement, "opened", by=by)
    return engagement
