"""The demonstration's catalogue: seven courses and two learning paths."""

from django.db import transaction

from engagements.lifecycle import move
from engagements.users.models import User

from . import reference, services
from .models import Course, LearningPath, Subject

COURSES: tuple[tuple[str, str, str, str, int, str, str, str], ...] = (
    (
        "tal-med-barnet",
        "Tal med barnet",
        "inddragelse",
        "basic",
        12,
        "To dage om samtalen med barnet: forberedelse, samtalen selv og det, der skrives bagefter.",
        "Forberede en samtale sammen med barnet\nTale med børn i forskellige aldre\nSkrive barnets egne ord i sagen",
        "Sagsbehandlere, der taler med børn og unge. Ingen forudsætninger.",
    ),
    (
        "underretning-inden-for-et-doegn",
        "Underretningen de første 24 timer",
        "underretninger",
        "basic",
        6,
        "En dag om at modtage, vurdere og kvittere for en underretning – og om at skrive vurderingen, så den kan læses.",
        "Vurdere en underretning inden for 24 timer\nKende grænsen til akutte tilfælde\nKvittere til den, der underretter",
        "Modtagelsen og alle, der har telefonvagt.",
    ),
    (
        "undersoegelsen",
        "Den børnefaglige undersøgelse",
        "boernefaglig-undersoegelse",
        "practised",
        18,
        "Tre dage om at undersøge grundigt og ikke mere end nødvendigt: fra spørgsmål til faglig konklusion.",
        "Afgrænse undersøgelsen\nInddrage barn, forældre og netværk\nSamle oplysninger til en faglig konklusion",
        "Sagsbehandlere med mindst et halvt års erfaring.",
    ),
    (
        "barnets-plan-i-praksis",
        "Barnets plan i praksis",
        "barnets-plan",
        "practised",
        12,
        "To dage om mål, som barnet kan kende sig selv i, og som det kan ses, om I når.",
        "Skrive mål, der kan følges op\nLade barnet forme sin egen plan",
        "Sagsbehandlere og familierådgivere.",
    ),
    (
        "opfoelgning-til-tiden",
        "Opfølgning til tiden",
        "opfoelgning",
        "practised",
        6,
        "En dag om opfølgning efter tre og seks måneder: hvad der spørges om, og hvad der ændres.",
        "Planlægge opfølgning fra begyndelsen\nÆndre en støtte, der ikke virker",
        "Sagsbehandlere med egne sager.",
    ),
    (
        "ledelsestilsyn",
        "Ledelsestilsyn, der kan mærkes",
        "ledelse",
        "practised",
        12,
        "To dage for ledere om at læse sager sammen, bruge det, I finder, og gøre det igen.",
        "Udvælge sager til tilsyn\nGive tilbagemelding, der bliver brugt\nVise udvalget, hvad I ved",
        "Ledere og faglige koordinatorer.",
    ),
    (
        "begrundelsen",
        "Begrundelsen, familien kan forstå",
        "jura",
        "specialist",
        6,
        "En dag om partshøring, begrundelse og klagevejledning på et sprog, som forældre og børn forstår.",
        "Skrive en begrundelse\nPartshøre, så det hjælper sagen",
        "Sagsbehandlere og jurister.",
    ),
)
PATHS: tuple[tuple[str, str, str, bool, int | None, tuple[tuple[str, bool], ...]], ...] = (
    (
        "ny-sagsbehandler",
        "Ny sagsbehandler",
        "De fire kurser, som en ny sagsbehandler bør have det første år, i den rækkefølge en sag forløber.",
        True,
        None,
        (
            ("underretning-inden-for-et-doegn", False),
            ("tal-med-barnet", False),
            ("undersoegelsen", False),
            ("barnets-plan-i-praksis", False),
        ),
    ),
    (
        "faglig-leder",
        "Faglig leder",
        "For faglige ledere og koordinatorer, der skal løfte kvaliteten sammen med deres medarbejdere.",
        False,
        3,
        (
            ("ledelsestilsyn", True),
            ("opfoelgning-til-tiden", False),
            ("begrundelsen", False),
            ("tal-med-barnet", False),
        ),
    ),
)


@transaction.atomic
def ensure(*, by: User) -> dict[str, Course]:
    """Make and publish what is not there yet; the courses by the last part of their address."""
    reference.ensure()
    for slug, title, subject, level, hours, summary, aims, audience in COURSES:
        if Course.objects.filter(slug=slug).exists():
            continue
        course = services.write_course(
            by=by,
            slug=slug,
            title_da=title,
            subject=Subject.objects.get(key=subject),
            level=level,
            hours=hours,
            summary_da=summary,
            aims=aims,
            audience=audience,
        )
        move(course, "publish", by=by)
    found = {course.slug: course for course in Course.objects.all()}
    for slug, title, summary, ordered, needed, steps in PATHS:
        if not LearningPath.objects.filter(slug=slug).exists():
            path = services.write_path(
                steps=[(found[name], required) for name, required in steps],
                by=by,
                slug=slug,
                title_da=title,
                summary_da=summary,
                ordered=ordered,
                needed=needed,
            )
            move(path, "publish", by=by)
    return found
