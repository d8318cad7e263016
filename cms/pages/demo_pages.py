"""The demonstration's news, publications, answers and other pages: one at least of each kind an editor may make."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from .models import ContentPage, PublicationPage, SectionPage
from .models_dated import NewsIndexPage, NewsPage, SeriesPage
from .models_forms import FormField, FormPage
from .models_guidance import AttentionPage, EventListPage, FaqPage, PersonPage
from .reference import home_page

ANSWERS = [
    ("heading", "Før I søger"),
    (
        "answer",
        {
            "question": "Hvad koster et forløb?",
            "answer": "<p>Forløbet er gratis. I skal selv afsætte tid til møder, sagsgennemgang og arbejdet med "
            "udviklingsplanen.</p>",
        },
    ),
    (
        "answer",
        {
            "question": "Hvem skal stå bag ansøgningen?",
            "answer": "<p>En leder skriver ansøgningen, og direktøren godkender den, før den indsendes. I oplyser også, "
            "hvordan det politiske udvalg er orienteret.</p>",
        },
    ),
    (
        "answer",
        {
            "question": "Hvad sker der, hvis ansøgningsrunden er fuld?",
            "answer": "<p>Så kommer I på venteliste og får besked om jeres plads i rækken. I kan også søge igen i næste "
            "runde.</p>",
        },
    ),
    ("heading", "Undervejs"),
    (
        "answer",
        {
            "question": "Får Task Forcen vores sager at se?",
            "answer": "<p>Konsulenterne læser omkring tyve sager hos jer. Sagerne forlader ikke kommunen, og i portalen "
            "findes kun en kode og svarene på lovkravene.</p>",
        },
    ),
    (
        "answer",
        {
            "question": "Bliver analyserapporten offentlig?",
            "answer": "<p>I får rapporten i faktuel høring, før den bliver færdig. Derefter bestemmer I selv, hvor den "
            "offentliggøres, men der kan søges aktindsigt i den.</p>",
        },
    ),
]
ANSWERS_EN = [
    ("heading", "Before you apply"),
    (
        "answer",
        {
            "question": "What does an engagement cost?",
            "answer": "<p>It is free of charge. You set aside time for meetings, the case review and your development "
            "plan.</p>",
        },
    ),
    (
        "answer",
        {
            "question": "Does the Task Force see our cases?",
            "answer": "<p>The consultants read about twenty cases at your office. The cases stay with you; the portal "
            "holds a code and the answers to the legal requirements.</p>",
        },
    ),
]
POINTS = [
    (
        "point",
        {
            "theme": "underretning",
            "heading": "Underretninger vurderes hver dag, også i weekenden",
            "text": "<p>Fristen på 24 timer løber, fra underretningen er modtaget. Se efter, om der er aftalt vagt, og om "
            "tidspunktet for vurderingen er noteret.</p>",
            "basis": "barnets lov § 136",
        },
    ),
    (
        "point",
        {
            "theme": "inddragelse",
            "heading": "Barnet er hørt, før der træffes afgørelse",
            "text": "<p>En samtale under undersøgelsen er ikke altid nok. Se efter, om barnets egen holdning står i "
            "afgørelsen.</p>",
            "basis": "barnets lov § 5, stk. 3",
        },
    ),
    (
        "point",
        {
            "theme": "opfølgning",
            "heading": "Der er en dato for den første opfølgning",
            "text": "<p>Se efter, om datoen er sat, da indsatsen begyndte, og om nogen opdager det, når den er "
            "overskredet.</p>",
            "basis": "barnets lov § 95, stk. 2",
        },
    ),
    (
        "point",
        {
            "theme": "",
            "heading": "Ledelsen læser selv sager",
            "text": "<p>Fast ledelsestilsyn viser fejl, før familien mærker dem. Begynd med få sager hver måned.</p>",
            "basis": "",
        },
    ),
]


def ensure() -> None:
    """Make the pages that are not there; what an editor has changed or taken down stays so."""
    home, today = home_page(), timezone.localdate()
    engagement = home.get_children().get(slug="task-force-forloeb")
    _news(home)
    faq = FaqPage(
        title="Ofte stillede spørgsmål",
        slug="spoergsmaal-og-svar",
        lead="Korte svar til kommuner, der overvejer et forløb.",
        answers=ANSWERS,
        title_en="Frequently asked questions",
        lead_en="Short answers for municipalities that consider an engagement.",
        answers_en=ANSWERS_EN,
        search_description_en="What a Task Force engagement costs, asks of you, and what happens to case files.",
        reviewed_on=today - timedelta(days=40),
    )
    _put(engagement, faq)
    attention = AttentionPage(
        title="Opmærksomhedspunkter",
        slug="opmaerksomhedspunkter",
        lead="Fire steder, hvor sagsbehandlingen ofte halter – og hvad I kan se efter hos jer selv.",
        points=POINTS,
        body=[("figure", {"name": "published:INV-SAMT"})],
        reviewed_on=today - timedelta(days=400),
    )
    _put(engagement, attention)
    team = _put(
        engagement,
        SectionPage(title="Mød Task Forcen", slug="moed-task-forcen", lead="Dem, I møder i et forløb og på besøg."),
    )
    for name, job, agency, address in (
        ("Inger", "Leder af Task Forcen", "Socialstyrelsen", "lead"),
        ("Peter", "Juridisk konsulent", "Ankestyrelsen", "legal"),
        ("Kirsten", "Medlem af læringsteamet", "Socialstyrelsen", "learning"),
    ):
        person = PersonPage(title=name, slug=name.lower(), job=job, agency=agency)
        person.email = f"{address}@taskforce.example"
        _put(team, person)
    _publications(home)
    _put(
        home,
        EventListPage(
            title="Kalender",
            slug="kalender",
            lead="Kurser, temadage og møder, som alle kan se.",
            show_in_menus=False,
        ),
    )
    _form(home)


def _news(home: Page) -> None:
    today = timezone.localdate()
    index = _put(
        home,
        NewsIndexPage(
            title="Nyheder",
            slug="nyheder",
            lead="Nyt om runder, kurser og det, vi lærer af forløbene.",
            title_en="News",
            lead_en="News about rounds, courses and what we learn.",
            show_in_menus=True,
        ),
    )
    for days, slug, title, lead, text in (
        (
            6,
            "runden-er-aaben",
            "Ansøgningsrunden er åben",
            "Kommuner kan nu søge om et Task Force-forløb. Der er plads til fire kommuner.",
            "<p>I kan skrive på ansøgningen sammen og gemme undervejs. Direktøren skal godkende den, før den kan "
            'indsendes. <a href="/task-force-forloeb/saadan-ansoeger-i/">Læs, hvordan I ansøger</a>.</p>',
        ),
        (
            34,
            "lillehavn-er-i-maal",
            "Lillehavn Kommune har afsluttet sit forløb",
            "Nye sager er læst, og flere lovkrav er opfyldt end ved den første måling.",
            "<p>Kommunen har blandt andet indført faste tavlemøder og et månedligt ledelsestilsyn. Læs, hvordan "
            '<a href="/task-force-forloeb/saadan-laeser-vi-sager/">sagerne læses</a>.</p>',
        ),
        (
            400,
            "boernesamtalen-som-tema",
            "Børnesamtalen er årets tema",
            "Læringsteamet tilbyder besøg om samtalen med barnet, og der er nye kurser om inddragelse.",
            '<p>Se, hvad der er på vej, i <a href="/kalender/">kalenderen</a>.</p>',
        ),
    ):
        page = NewsPage(title=title, slug=slug, lead=lead, published_on=today - timedelta(days=days))
        page.body = [("text", text)]  # type: ignore[assignment]
        _put(index, page)


def _publications(home: Page) -> None:
    section = home.get_children().get(slug="publikationer")
    studies = SeriesPage(
        title="Praksisundersøgelser", slug="praksisundersoegelser", series="study", lead="Hvad vi har læst på tværs."
    )
    figures = SeriesPage(
        title="Årets nøgletal", slug="noegletal", series="key_figures", lead="Forløb, besøg og kurser i tal, år for år."
    )
    studies, figures = _put(section, studies), _put(section, figures)
    today = timezone.localdate()
    _put(
        studies,
        PublicationPage(
            title="Hvornår er barnet hørt? Tres afgørelser læst på tværs",
            slug="hvornaar-er-barnet-hoert",
            series="study",
            sender="Task Force på børneområdet",
            published_on=today - timedelta(days=120),
            lead="I de sager, vi læste, stod barnets egne ord sjældnere i afgørelsen end i undersøgelsen.",
            body=[
                ("facts", {"heading": "Opdigtet eksempel", "text": "<p>Undersøgelsen findes kun her.</p>"}),
                (
                    "chart",
                    {
                        "title": "Barnets ord står oftere i undersøgelsen end i afgørelsen",
                        "kind": "bars",
                        "table": "Hvor;Barnets ord gengivet;Sager\nUndersøgelsen;48;60\nAfgørelsen;33;60",
                        "unit": "",
                        "source": "Opdigtede tal til demonstrationen",
                    },
                ),
            ],
        ),
    )
    _put(
        figures,
        PublicationPage(
            title=f"Nøgletal {today.year - 1}",
            slug=f"noegletal-{today.year - 1}",
            series="key_figures",
            sender="Task Force på børneområdet",
            published_on=today.replace(month=1, day=20) if (today.month, today.day) > (1, 20) else None,
            lead="Året i tal. De øverste tal tæller systemet, når siden vises.",
            body=[
                ("figure", {"name": "reached"}),
                ("figure", {"name": "running"}),
                ("figure", {"name": "seats"}),
            ],
        ),
    )


def _form(home: Page) -> None:
    section = _put(home, SectionPage(title="Om portalen", slug="om", show_in_menus=False))
    if section.get_children().filter(slug="skriv-til-redaktionen").exists():
        return
    form = FormPage(
        title="Fandt du ikke det, du søgte?",
        slug="skriv-til-redaktionen",
        lead="Fortæl os, hvad du ledte efter, så gør vi siden bedre.",
        thanks="Redaktionen læser alle svar. Har du skrevet en adresse, hører du fra os inden for en uge.",
        to_address="editor@taskforce.example",
        show_in_menus=False,
    )
    _put(section, form)
    for order, (label, kind, required) in enumerate(
        (("Hvad ledte du efter?", "multiline", True), ("Din e-mail, hvis du vil have svar", "email", False))
    ):
        FormField.objects.create(page=form, sort_order=order, label=label, field_type=kind, required=required)
    form.save_revision().publish()


def _put[P: ContentPage](parent: Page, page: P) -> Any:
    """The page with this address below the parent, made and published when it is missing."""
    there = parent.get_children().filter(slug=page.slug).first()
    if there is not None:
        return there.specific
    if not page.search_description:
        page.search_description = page.lead[:250]
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page
