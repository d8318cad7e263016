"""What the demonstration's editors have written about courses."""

from courses.catalogue.models import Course

from .course_pages import CourseIndexPage, CoursePage
from .reference import blocks_of

TEXTS = {
    "inddragelse-af-barnet": (
        "<p>Kurset består af to dage med fire uger imellem. På den første dag arbejder I med samtalen, på den anden med "
        "jeres egne anonymiserede afgørelser.</p>\n\n<h2>Sådan forbereder du dig</h2>\n\n<p>Tag to afgørelser med, hvor "
        "alle oplysninger, som kan pege på et barn, er fjernet.</p>"
    ),
    "boernefaglig-undersoegelse": (
        "<p>Undervisningen veksler mellem korte oplæg og arbejde i små grupper med en opdigtet sag, som følger jer "
        "gennem alle kursusgange.</p>\n\n<h2>Udbytte for kommunen</h2>\n\n<p>Deltagerne får en skabelon med hjem, som "
        "kan tilpasses kommunens egne retningslinjer.</p>"
    ),
    "jura-for-nye-sagsbehandlere": (
        "<p>Hver kursusgang tager udgangspunkt i en opdigtet sag: en underretning, en undersøgelse og en afgørelse om "
        "støtte. I finder selv reglerne og prøver dem af.</p>"
    ),
    "ledelsestilsyn": (
        "<p>I kommer to fra samme kommune: en leder og en faglig koordinator. Før kurset læser I hver tre sager ud fra "
        "det samme skema, og på kurset sammenligner I jeres vurderinger.</p>"
    ),
    "underretninger-24-timer": (
        "<p>Kurset følger en underretning, fra den kommer ind, til underretteren har fået svar, time for time.</p>"
    ),
}


def ensure(courses: dict[str, Course]) -> None:
    """Write about some courses; where somebody has written already, that stays."""
    index = CourseIndexPage.objects.first()
    known = set(CoursePage.objects.values_list("course__slug", flat=True))
    if index is None:
        return
    for slug, html in TEXTS.items():
        if slug in known:
            continue
        course = courses[slug]
        page = CoursePage(title=course.title_da, slug=slug, course=course, search_description=course.summary_da[:250])
        page.body = blocks_of(html)  # type: ignore[assignment]
        index.add_child(instance=page)
        page.save_revision().publish()
