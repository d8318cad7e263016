"""The demonstration's catalogue: eight courses and two learning paths."""

from typing import Any, NamedTuple

from django.db import transaction

from engagements.lifecycle import move
from engagements.users.models import User

from . import reference, services
from .models import Course, LearningPath, Subject


class Written(NamedTuple):
    """A course as it is written here; `aims` are one a line."""

    slug: str
    subject: str
    level: str
    hours: int
    title_da: str
    title_en: str
    summary_da: str
    summary_en: str
    audience: str
    aims: str


COURSES = (
    Written(
        "inddragelse-af-barnet",
        "inddragelse",
        "basic",
        12,
        "Inddragelse af barnet i sagen",
        "Involving the child in the case",
        "Sådan taler du med barnet før hver afgørelse, og sådan kan barnet genkende sine egne ord i sagen.",
        "How to talk with the child before each decision, and let the child recognise its own words in the case.",
        "Sagsbehandlere, der taler med børn og træffer afgørelser efter barnets lov.",
        "Du kan planlægge en samtale efter barnets alder og situation\n"
        "Du kan gengive barnets holdning, så den kan genkendes i afgørelsen\n"
        "Du ved, hvornår en samtale kan undlades, og hvordan det begrundes\n"
        "Du kan bruge børnenotater som en fast del af sagen",
    ),
    Written(
        "boernefaglig-undersoegelse",
        "boernefaglig-undersoegelse",
        "practised",
        18,
        "Den børnefaglige undersøgelse i praksis",
        "The child welfare assessment in practice",
        "Fra bekymring til samlet vurdering: en undersøgelse, der er grundig nok og ikke større end nødvendigt.",
        "From concern to overall assessment: thorough enough, and no larger than needed.",
        "Sagsbehandlere og faglige ledere, der arbejder med undersøgelser.",
        "Du kan afgrænse en undersøgelse efter barnets behov\n"
        "Du kan skelne mellem oplysning, analyse og vurdering\n"
        "Du kan inddrage skole, dagtilbud og sundhedspleje med klare spørgsmål\n"
        "Du kan afslutte inden for fristen på fire måneder",
    ),
    Written(
        "barnets-plan-og-opfoelgning",
        "barnets-plan",
        "practised",
        12,
        "Barnets plan og opfølgning",
        "The child's plan and follow-up",
        "Mål, som barnet og familien forstår, og opfølgning, der viser, om hjælpen virker.",
        "Goals the child and family understand, and follow-up that shows whether the help works.",
        "Sagsbehandlere, der følger op på hjælp og støtte.",
        "Du kan skrive mål, som kan følges\n"
        "Du kan følge op efter tre måneder og derefter mindst hver sjette måned\n"
        "Du kan tale med barnet om planen og ændre den undervejs",
    ),
    Written(
        "jura-for-nye-sagsbehandlere",
        "jura",
        "basic",
        18,
        "Jura for nye sagsbehandlere",
        "Law for new caseworkers",
        "Barnets lov, forvaltningsloven og retssikkerhedsloven gennem de sager, du møder i det første år.",
        "The Child's Act and administrative law through the cases of your first year.",
        "Sagsbehandlere med under to års erfaring.",
        "Du kan finde den bestemmelse, sagen handler om\n"
        "Du kan partshøre og begrunde\n"
        "Du kan notere, hvad der er sket, og hvorfor\n"
        "Du ved, hvornår du skal spørge en jurist",
    ),
    Written(
        "ledelsestilsyn",
        "ledelse",
        "practised",
        6,
        "Ledelsestilsyn – sådan gør I",
        "Management audit – how to do it",
        "Et månedligt tilsyn med ti sager, der giver ledelsen viden og medarbejderne noget at lære af.",
        "A monthly audit of ten cases that informs managers and teaches staff.",
        "Ledere og faglige koordinatorer på børneområdet.",
        "I kan udtage sager tilfældigt og læse dem ens\n"
        "I kan vise resultatet som x ud af n\n"
        "I kan omsætte fund til tiltag med en ansvarlig og en frist",
    ),
    Written(
        "underretninger-24-timer",
        "underretninger",
        "basic",
        6,
        "Underretninger inden for 24 timer",
        "Reports of concern within 24 hours",
        "Modtagelse, vurdering og kvittering: hvad der skal ske det første døgn, også i weekenden.",
        "Receipt, assessment and reply: what happens in the first day, weekends included.",
        "Medarbejdere, der arbejder i modtagelsen eller har vagt.",
        "Du kan vurdere en underretning inden for 24 timer\n"
        "Du kan skrive en kvittering, som underretteren forstår\n"
        "Du ved, hvornår barnet skal ses samme dag",
    ),
    Written(
        "afgoerelser-familien-forstaar",
        "jura",
        "practised",
        12,
        "Afgørelser, som familien forstår",
        "Decisions the family understands",
        "Begrund, så forældre og børn kan læse, hvad der er besluttet, hvorfor, og hvordan man klager.",
        "Give reasons parents and children can read: what was decided, why, and how to complain.",
        "Sagsbehandlere, jurister og faglige ledere.",
        "Du kan skrive en begrundelse i et klart sprog\n"
        "Du kan vise, hvordan barnets perspektiv indgår\n"
        "Du kan give en rigtig klagevejledning",
    ),
    Written(
        "samvaer-under-anbringelse",
        "anbringelse",
        "specialist",
        12,
        "Samvær og støtte under anbringelse",
        "Contact and support during placement",
        "Samvær, der følger barnets behov, og støtte til forældrene, mens barnet er anbragt.",
        "Contact that follows the child's needs, and support for parents during placement.",
        "Erfarne sagsbehandlere med anbringelsessager.",
        "Du kan vurdere samvær ud fra barnets reaktioner og ønsker\n"
        "Du kan skrive en plan for støtte til forældrene\n"
        "Du kan forberede hjemgivelse eller permanent anbringelse",
    ),
)
PATHS: tuple[dict[str, Any], ...] = (
    {
        "slug": "ny-paa-boerneomraadet",
        "title_da": "Ny på børneområdet",
        "title_en": "New to casework for children",
        "summary_da": "Det første år som sagsbehandler: fra lovgivningen over underretningen til samtalen med barnet.",
        "summary_en": "The first year as a caseworker: from the law and the report of concern to talking with the child.",
        "ordered": True,
        "steps": [
            ("jura-for-nye-sagsbehandlere", True),
            ("underretninger-24-timer", True),
            ("inddragelse-af-barnet", True),
        ],
    },
    {
        "slug": "ledelse-af-sagsarbejdet",
        "title_da": "Ledelse af sagsarbejdet",
        "title_en": "Managing casework",
        "summary_da": "For ledere og faglige koordinatorer, som vil se, lære af og forbedre sagsbehandlingen.",
        "summary_en": "For managers and professional coordinators who want to see, learn from and improve casework.",
        "needed": 2,
        "steps": [
            ("ledelsestilsyn", True),
            ("barnets-plan-og-opfoelgning", False),
            ("afgoerelser-familien-forstaar", False),
        ],
    },
)


@transaction.atomic
def ensure(*, by: User) -> dict[str, Course]:
    """Make and publish what is not there yet; the courses by the last part of their address."""
    reference.ensure()
    known = set(Course.objects.values_list("slug", flat=True))
    for written in COURSES:
        if written.slug in known:
            continue
        facts = written._asdict() | {"subject": Subject.objects.get(key=written.subject)}
        course = services.write_course(by=by, **facts)
        move(course, "publish", by=by)
    found = {course.slug: course for course in Course.objects.all()}
    law = found["jura-for-nye-sagsbehandlere"]
    if not law.material.exists():
        services.add_material(
            law, title="Barnets lov på Retsinformation", link="https://www.retsinformation.dk/", by=by
        )
    for path in PATHS:
        if not LearningPath.objects.filter(slug=path["slug"]).exists():
            steps = [(found[slug], required) for slug, required in path["steps"]]
            made = services.write_path(by=by, **{**path, "steps": steps})
            move(made, "publish", by=by)
    return found
