"""The demonstration's answers and assessments: plausible, and about fictional municipalities only."""

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from .models import Application, Assessment, Section
from .sections import SECTIONS, examine

if TYPE_CHECKING:
    from engagements.users.models import User

MOTIVATIONS = (
    (
        "Vi vil være bedre til at komme fra bekymring til handling. I dag kender vi fristerne, men vi opdager for sent, "
        "når de skrider. Vi har prøvet tavlemøder og en ny arbejdsgangsbeskrivelse; det hjalp i nogle måneder.",
        "Sagsbehandlingen fra underretning til afsluttet børnefaglig undersøgelse for de 0-12-årige.",
        "Vores eget ledelsestilsyn viste, at børnesamtalen manglede i en tredjedel af de sager, vi læste. "
        "Ankestyrelsen har hjemvist to afgørelser det seneste år.",
    ),
    (
        "Kommunalbestyrelsen har spurgt, om børnene får den hjælp, de har krav på. Det vil vi kunne svare på med andet end "
        "fornemmelser, og vi vil have et fælles sprog mellem ledelse og sagsbehandlere.",
        "Opfølgning på indsatser og inddragelse af barnet undervejs.",
        "Opfølgningen er forsinket i flere team efter en organisationsændring, og udskiftningen blandt sagsbehandlerne er høj.",
    ),
    (
        "Vi har ansat mange nye sagsbehandlere på kort tid og mangler en fast introduktion. Vi søger om hjælp til at bygge "
        "den op om de sager, vi faktisk har, og til at styrke den faglige ledelse.",
        "Den børnefaglige undersøgelse: analyse og konklusion, og sammenhængen med barnets plan.",
        "Vores undersøgelser er grundige, men konklusionen mangler ofte. Det fremgår af den stikprøve, ledelsen tog i foråret.",
    ),
    (
        "To sammenlagte afdelinger arbejder stadig på hver sin måde. Vi ønsker én praksis, som børn og forældre kan genkende, "
        "og som ledelsen kan følge.",
        "Modtagelse og vurdering af underretninger samt valg af indsats.",
        "Månedstallene viser store forskelle mellem de to tidligere afdelinger i, hvor hurtigt en underretning vurderes.",
    ),
)
GUIDEPOST_SETS = (
    (
        ["investigation", "involvement"],
        "Udredningen begynder for sent, og barnets stemme mangler i flere undersøgelser.",
    ),
    (["followup", "involvement"], "Vi følger op, men ikke til tiden og ikke altid sammen med barnet."),
    (["investigation", "measure"], "Valget af indsats hænger ikke altid sammen med det, undersøgelsen viste."),
    (["measure", "coherence"], "Politik, ledelse og praksis peger ikke i samme retning i dag."),
)
SYSTEMS = ("DUBU", "DUBU", "Nexus", "Cura")


def answers(seed: int) -> dict[str, dict[str, Any]]:
    """Complete answers to every section; the same for the same seed."""
    chance = Random(seed)  # noqa: S311 - not a secret
    today = timezone.localdate()
    motivation, focus, need = MOTIVATIONS[seed % len(MOTIVATIONS)]
    guideposts, why = GUIDEPOST_SETS[seed % len(GUIDEPOST_SETS)]
    caseworkers = chance.randint(14, 46)
    return {
        "political": {
            "decided_by": "committee",
            "body": "Børne- og familieudvalget",
            "subject_to_political_treatment": False,
            "meeting_on": (today - timedelta(days=chance.randint(15, 40))).isoformat(),
            "agenda_item": "Punkt 7: Ansøgning om et Task Force-forløb",
            "decision": "Udvalget besluttede enstemmigt at søge og ønsker en orientering hvert halve år.",
        },
        "motivation": {"motivation": motivation, "focus": focus, "need": need},
        "guideposts": {"guideposts": guideposts, "guideposts_why": why},
        "organisation": {
            "caseworkers": caseworkers,
            "team_leaders": max(2, caseworkers // 10),
            "turnover": chance.randint(12, 34),
            "vacancies": chance.randint(0, 4),
            "case_system": SYSTEMS[seed % len(SYSTEMS)],
            "central_unit": True,
            "central_unit_since": chance.randint(2014, 2022),
            "guidelines_concern_on": (today - timedelta(days=chance.randint(200, 900))).isoformat(),
            "guidelines_notification_on": (today - timedelta(days=chance.randint(100, 700))).isoformat(),
        },
        "resources": {
            "project_leader": "Udpeges i januar",
            "project_leader_title": "Udviklingskonsulent",
            "hours_project_leader": chance.choice([12, 15, 18]),
            "hours_staff": caseworkers * 4,
            "steering_group": "Direktør for børn og kultur (formand)\nBørne- og familiechef\nFaglig leder for modtagelsen",
            "other_projects": "Nyt ledelsesinformationssystem frem til sommeren. Ellers ingen.",
        },
        "cases": {
            "twenty_cases": True,
            "cases_note": "",
            "starts_earliest": (today + timedelta(days=60)).isoformat(),
            "starts_latest": (today + timedelta(days=150)).isoformat(),
            "remarks": "",
        },
    }


def fill(application: Application, seed: int, *, by: "User | None" = None, keys: tuple[str, ...] = ()) -> Application:
    """Answer every section, or only those named in `keys`; doing it again changes nothing."""
    for declared in SECTIONS:
        if keys and declared.key not in keys:
            continue
        found = answers(seed)[declared.key]
        section, _made = Section.objects.get_or_create(application=application, key=declared.key)
        section.answers = found
        section.complete = examine(declared, found).is_complete
        section.saved_by = by or application.created_by
        section.clean_fields(exclude=["saved_by"])
        section.save()
    for declared in SECTIONS:
        Section.objects.get_or_create(application=application, key=declared.key)
    return application


COMMENTS = {
    Assessment.Agency.LEGAL: (
        "Udvalget står bag, og direktøren leder styregruppen. Behovet ses tydeligst i fristerne og i hjemvisningerne.",
        "Klart juridisk sigte. Vi bør aftale tidligt, hvilke sager der skal læses.",
    ),
    Assessment.Agency.SOCIAL: (
        "Ledelsen kan selv pege på, hvor det halter. Der er sat timer af, men udskiftningen er en risiko.",
        "God motivation og et afgrænset ønske. Projektlederens tid er i underkanten.",
    ),
}


def scores(agency: str, seed: int) -> tuple[dict[str, int | None], str]:
    """An agency's scores and comment; the same for the same seed."""
    chance = Random(f"{agency}:{seed}")  # noqa: S311 - not a secret
    texts = COMMENTS[Assessment.Agency(agency)]
    return {name: chance.randint(2, 4) for name in Assessment.CRITERIA}, texts[seed % len(texts)]
