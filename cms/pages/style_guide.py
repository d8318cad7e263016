"""The editors' style guide: one page with every block and how it is used, seen by those who edit the site alone."""

from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from PIL import Image as Picture
from PIL import ImageDraw
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Page, PageViewRestriction

from engagements.people import permissions as who

from .models import ArticlePage
from .reference import home_page

SLUG = "redaktion"
KEY = UUID("acaf6e28-5c11-4ff8-9fe1-6eda3cf61ee0")
"""By which the page is known again when editors have moved it or given it another address."""
SEEING = "Fire felter i blå toner, et for hvert pejlemærke"
CHART = (
    "Krav;Opfyldt;Sager\nUnderretning vurderet inden 24 timer;17;20\nBarnet er hørt;12;20\nPlan inden fire måneder;9;18"
)
YEARS = "År;Korsbæk;Landet\n2022;41,5;52\n2023;48;53,5\n2024;56,5;54"


def find() -> Page | None:
    """The page, wherever editors have put it; one of theirs at its address below the front page is taken for it."""
    return Page.objects.filter(Q(translation_key=KEY) | Q(slug=SLUG, depth=3)).order_by("pk").first()


@transaction.atomic
def write() -> Page:
    """Make the page unless it is there; editors change it as they like."""
    found = find()
    if found is not None:
        return found
    page = ArticlePage(
        title="Sådan skriver vi på portalen",
        slug=SLUG,
        lead="Alle byggeklodser på én side, hver med et råd om, hvornår den bruges.",
        translation_key=KEY,
        show_in_menus=False,
        live=False,
    )
    home_page().add_child(instance=page)
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="groups")
    restriction.groups.set([Group.objects.get_or_create(name=name)[0] for name in who.SITE_EDITORS])
    page.body = every_block()  # type: ignore[assignment]
    page.save_revision().publish()
    return page


def show(request: HttpRequest) -> HttpResponse:
    """From the menu of the CMS, which asks for no page before somebody opens it."""
    page = find()
    if not who.edits_site(request.user) or page is None or not page.live:
        raise Http404
    return redirect(page.url)


def every_block() -> list[tuple[str, Any]]:
    """Each block of `blocks.BLOCKS` at least once."""
    image, document = _picture(), _document()
    home = home_page()
    return [
        ("heading", "Tekst og overskrifter"),
        (
            "text",
            "<p>Skriv til den, der skal bruge siden: <b>I</b> til en kommune, <b>du</b> til en person. Sig først, hvad "
            "der er sket, så hvad man skal gøre. En overskrift siger, hvad der står under den.</p>"
            "<h3>Links</h3><p>Et link siger, hvor det fører hen: "
            f'<a linktype="page" id="{home.pk}">Task Forcens forside</a>. '
            'Links til andre steder får selv en pil: <a href="https://www.retsinformation.dk/">Retsinformation</a>.</p>'
            "<ul><li>Korte punkter.</li><li>Uden punktum i overskrifter.</li></ul>",
        ),
        ("facts", {"heading": "Faktaboks", "text": "<p>Det, man skal vide, hvis man kun læser ét sted.</p>"}),
        ("quote", {"text": "Citater er korte og har en kilde.", "source": "En leder i en kommune"}),
        ("heading", "Trin og spørgsmål"),
        (
            "steps",
            {
                "steps": [
                    {"heading": "Begynd med et udsagnsord", "text": "<p>Ét trin, én handling.</p>"},
                    {
                        "heading": "Sig, hvornår trinet er gjort",
                        "text": "<p>Så ved læseren, at det næste kan begynde.</p>",
                    },
                ]
            },
        ),
        (
            "accordion",
            {
                "items": [
                    {
                        "heading": "Hvornår bruger jeg en harmonika?",
                        "text": "<p>Til svar, som ikke alle har brug for.</p>",
                    }
                ]
            },
        ),
        ("heading", "Billeder og film"),
        (
            "picture",
            {"image": image, "description": SEEING, "caption": "Billedteksten siger det, man ikke selv kan se."},
        ),
        (
            "video",
            {
                "title": "En film åbnes hos den, der viser den",
                "address": "https://www.ankestyrelsen.dk/",
                "length": "3:20",
                "image": image,
                "text": "Portalen viser ingen fremmede afspillere, så ingen følges uden at ville det.",
            },
        ),
        ("heading", "Tal"),
        ("text", "<p>Et tal står aldrig alene: Skriv altid <i>x af n</i>, periode og kilde.</p>"),
        ("figure", {"name": "reached"}),
        ("figure", {"name": "map"}),
        (
            "chart",
            {
                "title": "Barnet er hørt i tolv af tyve sager",
                "kind": "bars",
                "table": CHART,
                "unit": "",
                "source": "Opdigtede tal",
            },
        ),
        (
            "chart",
            {
                "title": "Korsbæk har på to år indhentet landet",
                "kind": "lines",
                "table": YEARS,
                "unit": "pr. 1.000 børn",
                "source": "Opdigtede tal",
            },
        ),
        ("heading", "Det næste skridt"),
        ("download", {"document": document, "text": "Tjekliste til den, der offentliggør"}),
        ("call_to_action", {"text": "Gå til forsiden", "page": home, "address": ""}),
    ]


def _picture() -> Image:
    image = Image.objects.filter(title="Pejlemærker").first()
    if image is not None and image.file.storage.exists(image.file.name):
        return image
    drawn = Picture.new("RGB", (1200, 675), "#f0f5fa")
    pencil = ImageDraw.Draw(drawn)
    for number, colour in enumerate(("#cfe0f2", "#7fa8d4", "#2f6db3", "#004d99")):
        pencil.rectangle((60 + number * 280, 120, 280 + number * 280, 555), fill=colour)
    kept = BytesIO()
    drawn.save(kept, "PNG")
    if image is None:
        image = Image(
            title="Pejlemærker",
            description=SEEING,
            focal_point_x=600,
            focal_point_y=337,
            focal_point_width=600,
            focal_point_height=400,
        )
    image.file = ImageFile(kept, "pejlemaerker.png")
    image.save()
    return image


def _document() -> Document:
    found = Document.objects.filter(title="Tjekliste til redaktører").first()
    if found is not None:
        return found
    text = (
        "Er titlen en sætning?\nHar alle billeder en beskrivelse?\nFører alle links et sted hen?\nEr tallene x af n?\n"
    )
    return Document.objects.create(
        title="Tjekliste til redaktører",
        file=ContentFile(text.encode(), name="tjekliste.txt"),
        file_size=len(text.encode()),
    )
