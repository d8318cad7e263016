"""What the demonstration's editors have written about a course."""

from wagtail.rich_text import RichText

from courses.catalogue.models import Course

from .course_pages import CourseIndexPage, CoursePage

SLUG = "tal-med-barnet"
LEAD = "Kurset bygger på øvelser med samtaler, som deltagerne selv har valgt."
DAYS = (
    "<p>Den første dag øver I jer to og to i at forberede og indlede en samtale. Mellem de to dage prøver du det af "
    "på arbejdet. Den anden dag handler om det, barnet sagde, og om at skrive det ned med barnets egne ord.</p>"
    "<ul><li>Tag en anonym beskrivelse af en samtale med.</li><li>Forplejning er inkluderet.</li></ul>"
)
TEACHERS = "<p>En jurist og en socialfaglig konsulent fra Task Forcen.</p>"


def ensure(courses: dict[str, Course]) -> None:
    """Write about one course, unless somebody has."""
    index = CourseIndexPage.objects.first()
    if index is None or CoursePage.objects.filter(course=courses[SLUG]).exists():
        return
    page = CoursePage(title=courses[SLUG].title_da, slug=SLUG, course=courses[SLUG], lead=LEAD)
    page.body = [  # type: ignore[assignment]
        ("heading", "Sådan foregår det"),
        ("text", RichText(DAYS)),
        ("facts", {"heading": "Undervisere", "text": RichText(TEACHERS)}),
    ]
    index.add_child(instance=page)
    page.save_revision().publish()
