"""Charts place every mark where its value says, keep labels apart, and are clean, accessible SVG in both languages."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import combinations, pairwise
from math import hypot
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st

from engagements.charts import palette
from engagements.charts.bars import Rate, bars
from engagements.charts.dots import Part, Value, dot_plot
from engagements.charts.figure import NARROW, WIDE, Figure
from engagements.charts.gantt import Mark, Progress, Span, gantt
from engagements.charts.lines import Series, lines
from engagements.charts.measure import Scale, lanes, shorten, spread, steps, text_width, wrap
from engagements.charts.tiles import Tile, tile_map
from engagements.charts.words import number, percent

SVG = "{http://www.w3.org/2000/svg}"
NASTY = "Sønder <b>&\"'Ærø</b>"


def dots(count: int = 40) -> Figure:
    values = [Value(f"Kommune {i}", 40 + (i * 7) % 33) for i in range(count)]
    values += [Value("Nabo", 52.25, Part.NEIGHBOUR), Value(NASTY, 64.25, Part.OWN), Value("Lille", None)]
    return dot_plot(values, title="Flere end landet", unit="Pr. 1.000 børn", country=61.3, source="Danmarks Statistik")


def rates() -> Figure:
    return bars(
        [
            Rate("Underretning vurderet inden 24 timer", 15, 20, 0.531, 0.888, "Underretninger"),
            Rate(NASTY, 5, 8, 0.3, 0.86, "Udredning"),
            Rate("Tvang", 2, 3, 0.2, 0.9, "Udredning"),
        ],
        title="Fristen er overholdt i 15 af de 20 sager",
    )


def plan() -> Figure:
    return gantt(
        [
            Span("Start", date(2025, 3, 1), date(2025, 5, 1), Progress.DONE),
            Span("Analyse", date(2025, 5, 1), date(2025, 10, 1), Progress.NOW),
            Span("Udvikling", date(2025, 10, 1), date(2027, 2, 1), Progress.PLANNED),
        ],
        [
            Mark(NASTY, date(2025, 3, 12), reached=True),
            Mark("Rapport", date(2025, 3, 25)),
            Mark("Slut", date(2027, 2, 1)),
        ],
        title="Midt i analysen",
        today=date(2025, 6, 20),
    )


def years() -> Figure:
    return lines(
        range(2016, 2026),
        [
            Series("Korsbæk", tuple(50.0 + i for i in range(10)), Part.OWN),
            Series("Hele landet", tuple(51.0 + i * 0.9 for i in range(10)), Part.COUNTRY),
            Series("Nabokommuner", (45, 46, None, 48, 50, 52, 53, None, 58, 59), Part.NEIGHBOUR),
        ],
        title="Underretningerne stiger",
        unit="Pr. 1.000 børn",
    )


def municipalities() -> Figure:
    tiles = [Tile(f"Kommune {i}", i % 16, i // 16, i % 4 if i % 5 else None, own=i == 7) for i in range(98)]
    return tile_map([*tiles, Tile(NASTY, 20, 3, 1)], ["lav", "middel", "høj", "højest"], title="Kort", of="Antal")


Make = Callable[[], Figure]
CHARTS: tuple[Make, ...] = (dots, rates, plan, years, municipalities)


def drawn(figure: Figure, **options: bool) -> str:
    words = "".join(f" {name}={value}" for name, value in options.items())
    return Template("{% chart figure" + words + " %}").render(Context({"figure": figure}))


def svgs(html: str) -> Iterator[ElementTree.Element]:
    rest = html
    while "<svg" in rest:
        start, end = rest.index("<svg"), rest.index("</svg>") + 6
        yield ElementTree.fromstring(rest[start:end])
        rest = rest[end:]


@pytest.mark.parametrize("make", CHARTS)
@pytest.mark.parametrize("language", ["da", "en"])
class TestEveryChart:
    """What holds for each of the five, in both languages."""

    @pytest.fixture(autouse=True)
    def _language(self, language: str) -> Iterator[None]:
        with translation.override(language):
            yield

    def test_is_well_formed_and_described(self, make: Make) -> None:
        html = drawn(make())
        wide, narrow = svgs(html)
        for svg in (wide, narrow):
            assert svg.get("role") == "img"
            assert svg.find(f"{SVG}title").text == make().title
            assert svg.find(f"{SVG}title").get("id") == svg.get("aria-labelledby")
            assert svg.find(f"{SVG}desc").text
            assert svg.find(f"{SVG}desc").get("id") == svg.get("aria-describedby")
        assert float(wide.get("width")) == WIDE
        assert float(narrow.get("width")) == NARROW

    def test_passes_a_strict_content_security_policy(self, make: Make) -> None:
        for svg in svgs(drawn(make())):
            for element in svg.iter():
                assert element.tag.removeprefix(SVG) not in {"script", "style", "foreignObject", "image", "a"}
                assert not [name for name in element.attrib if name == "style" or name.startswith("on")]

    def test_ids_are_unique_when_every_chart_is_on_one_page(self, make: Make) -> None:
        html = "".join(drawn(chart()) for chart in CHARTS)
        ids = [element.get("id") for svg in svgs(html) for element in svg.iter() if element.get("id")]
        assert len(ids) == len(set(ids)) >= 20

    def test_has_a_table_behind_it(self, make: Make) -> None:
        figure = make()
        html = drawn(figure)
        assert html.count("<tr>") == len(figure.table.rows) + 1
        assert all(len(row) == len(figure.table.headings) for row in figure.table.rows)
        assert "<details" in html
        assert "<table" not in drawn(figure, table=False)

    def test_on_paper_has_one_drawing_and_an_open_table(self, make: Make) -> None:
        html = drawn(make(), paper=True)
        assert len(list(svgs(html))) == 1
        assert "<details" not in html
        assert "<table" in html

    def test_escapes_names(self, make: Make) -> None:
        assert "<b>" not in drawn(make())

    def test_keeps_all_text_inside_the_drawing(self, make: Make) -> None:
        for svg in svgs(drawn(make())):
            width, height = float(svg.get("width")), float(svg.get("height"))
            for text in svg.iter(f"{SVG}text"):
                assert -1 <= float(text.get("y")) <= height
                size = max(text_width("".join(line), float(text.get("font-size", 13))) for line in [text.text or ""])
                x, anchor = float(text.get("x")), text.get("anchor", text.get("text-anchor", "start"))
                start = {"start": x, "middle": x - size / 2, "end": x - size}[anchor]
                assert start >= -6, text.text
                assert start + size <= width + 6, text.text

    def test_coordinates_have_a_decimal_point_in_every_language(self, make: Make) -> None:
        for svg in svgs(drawn(make())):
            for element in svg.iter():
                for name in ("x", "y", "x1", "x2", "y1", "y2", "width", "height", "cx", "cy", "r"):
                    float(element.get(name, "0"))


def test_numbers_follow_the_language() -> None:
    with translation.override("da"):
        assert number(1234.5, 1) == "1.234,5"
        assert percent(0.625).replace("\N{NO-BREAK SPACE}", " ") == "63 %"
    with translation.override("en"):
        assert number(1234.5, 1) == "1,234.5"
        assert percent(0.625) == "63%"


def test_texts_have_enough_contrast() -> None:
    for colour in (palette.INK, palette.MUTED, palette.OWN, palette.NEIGHBOUR, palette.TODAY):
        assert palette.contrast(colour, palette.PAPER) >= 4.5
    for colour in (palette.BAR, palette.OTHER):
        assert palette.contrast(colour, palette.PAPER) >= 3
    for fill in palette.RAMP:
        assert palette.contrast(palette.on(fill), fill) >= 4.5
    assert palette.contrast("#ffffff", "#000000") == pytest.approx(21)


values = st.floats(0, 1000, allow_nan=False)


@given(st.lists(st.tuples(values, st.sampled_from(list(Part)[:2] + [Part.OTHER] * 5)), min_size=1, max_size=30))
def test_no_dot_covers_another_and_each_stands_at_its_value(given_values: list[tuple[float, Part]]) -> None:
    shown = [Value(f"K{i}", value, part) for i, (value, part) in enumerate(given_values)]
    for plot in (dot_plot(shown, title="T", unit="U").wide, dot_plot(shown, title="T", unit="U").narrow):
        placed = plot.dots
        assert len(placed) == len(shown)
        for i, one in enumerate(placed):
            assert plot.top < one.y - one.radius < one.y + one.radius < plot.base
            assert 0 < one.x < plot.width
            assert all(hypot(one.x - two.x, one.y - two.y) >= one.radius + two.radius - 1e-6 for two in placed[:i])
        across = {dot.label.split()[0]: dot.x for dot in placed}
        places = [across[item.name] for item in sorted(shown, key=lambda item: item.value)]
        assert places == sorted(places)


@given(values, values, st.lists(values, min_size=2))
def test_a_scale_keeps_the_order(low: float, high: float, given_values: list[float]) -> None:
    scale = Scale(min(low, high), max(low, high), 20, 700)
    places = [scale(value) for value in sorted(given_values)]
    assert places == sorted(places)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.integers(2, 8))
@example(1000000.0, 999999.9999999999, 3)
def test_ticks_enclose_the_values_in_equal_round_steps(one: float, two: float, most: int) -> None:
    low, high = min(one, two), max(one, two)
    marks = steps(low, high, most)
    slack = 1e-6 * max(1.0, abs(low), abs(high))
    assert marks[0] <= low + slack
    assert marks[-1] >= high - slack
    assert 2 <= len(marks) <= most + 2
    gaps = [after - before for before, after in pairwise(marks)]
    assert max(gaps) - min(gaps) < 1e-6 * max(gaps) + 1e-9


@given(st.lists(st.floats(0, 300), max_size=12), st.floats(1, 40))
def test_labels_are_spread_apart_in_order_and_within_bounds(places: list[float], gap: float) -> None:
    moved = spread(places, gap, 0, 300)
    order = sorted(range(len(places)), key=lambda i: (places[i], i))
    fair = min(gap, 300 / max(len(places) - 1, 1))
    for before, after in pairwise(order):
        assert moved[after] - moved[before] >= fair - 1e-6
    assert all(-1e-6 <= place <= 300 + 1e-6 for place in moved)


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(1, 200)), max_size=15))
def test_milestone_labels_in_one_lane_do_not_touch(pairs: list[tuple[float, float]]) -> None:
    spans = [(start, start + size) for start, size in pairs]
    rows = lanes(spans)
    for i, one in enumerate(spans):
        for j in range(i):
            if rows[i] == rows[j]:
                assert one[0] > spans[j][1] or spans[j][0] > one[1]


@given(st.text(st.characters(categories=["L", "Zs", "P"]), max_size=200), st.floats(40, 300), st.integers(1, 3))
def test_wrapped_text_fits(text: str, width: float, most: int) -> None:
    found = wrap(text, width, 13, most)
    assert len(found) <= most
    assert all(text_width(line, 13) <= width or line == "…" for line in found)
    assert text_width(shorten(text, width, 13), 13) <= max(width, text_width("…", 13))


def test_few_cases_are_hidden_in_drawing_and_table_and_some_are_hatched() -> None:
    with translation.override("en"):
        figure = rates()
        met, hatched, hidden = figure.wide.bars
        assert (met.hatched, hatched.hatched) == (False, True)
        assert hidden.hidden
        assert hidden.share is None
        assert hidden.low is None
        assert figure.table.rows[2][1:] == ("fewer than 5 cases", "", "")
        assert "2 of 3" not in drawn(figure)
        assert "67" not in figure.description
        assert figure.table.rows[0][1:] == ("15 of 20", "75%", "53%–89%")


@given(st.integers(5, 200), st.data())
def test_a_bar_is_as_long_as_its_rate(n: int, data: st.DataObject) -> None:
    x = data.draw(st.integers(0, n))
    for drawing in (bars([Rate("R", x, n)], title="T").wide, bars([Rate("R", x, n)], title="T").narrow):
        (bar,) = drawing.bars
        full = drawing.ticks[-1].at - drawing.ticks[0].at
        assert bar.width == pytest.approx(full * x / n)
        assert bar.low is None


def test_rows_of_bars_do_not_overlap() -> None:
    long = "Et langt navn på et lovkrav som skal brydes over flere linjer "
    many = [Rate(long * (i % 3 + 1), 3, 9, group=f"G{i // 4}") for i in range(20)]
    for drawing in (bars(many, title="T").wide, bars(many, title="T").narrow):
        for before, after in pairwise(drawing.bars):
            assert before.y + drawing.thick < after.y
            assert before.label.y + 15 * (len(before.label.lines) - 1) < after.label.y
        assert drawing.bars[-1].y + drawing.thick <= drawing.base


def test_a_missing_year_breaks_the_line() -> None:
    neighbours = years().wide.lines[2]
    assert [len(stretch) for stretch in neighbours.stretches] == [2, 4, 2]
    assert all(before[0] < after[0] for s in neighbours.stretches for before, after in pairwise(s))
    with pytest.raises(ValueError, match="every year"):
        lines([2024, 2025], [Series("A", (1.0,))], title="T", unit="U")


def test_labels_at_the_end_of_lines_do_not_touch() -> None:
    same = [Series(f"Kommune {i}", (10.0, 10.0), Part.OTHER) for i in range(6)]
    for drawing in (
        lines([2024, 2025], same, title="T", unit="U").wide,
        lines([2024, 2025], same, title="T", unit="U").narrow,
    ):
        heights = sorted(line.label.y for line in drawing.lines)
        assert all(after - before >= 15 for before, after in pairwise(heights))


def test_a_phase_is_as_long_as_it_lasts_and_today_lies_inside() -> None:
    drawing = plan().wide
    start, analysis, _rest = drawing.rows
    assert analysis.width / start.width == pytest.approx(153 / 61, rel=0.01)
    assert analysis.x < drawing.today < analysis.x + analysis.width
    with translation.override("en"):
        assert [row[3] for row in plan().table.rows[:3]] == ["done", "in progress", "planned"]
    with pytest.raises(ValueError, match="at least one"):
        gantt([], title="T", today=date(2025, 1, 1))


@given(st.dates(date(2018, 1, 1), date(2030, 1, 1)), st.integers(1, 2000))
def test_calendar_labels_do_not_touch(start: date, days: int) -> None:
    span = Span("A", start, start + timedelta(days=days), Progress.PLANNED)
    for drawing in (gantt([span], title="T", today=start).wide, gantt([span], title="T", today=start).narrow):
        ticks = drawing.ticks
        for before, after in pairwise(ticks):
            assert after.at >= before.at + text_width(before.label, 11.5)


MILESTONES = st.lists(st.tuples(st.integers(0, 700), st.integers(1, 14)), min_size=1, max_size=12)


@given(MILESTONES)
def test_milestones_are_named_in_full_inside_the_drawing_and_touch_nothing(drawn: list[tuple[int, int]]) -> None:
    start = date(2025, 3, 1)
    span = Span("A", start, start + timedelta(days=700), Progress.NOW)
    marks = [Mark("kommunen " * words + "nu", start + timedelta(days=days)) for days, words in drawn]
    figure = gantt([span], marks, title="T", today=start)
    for drawing in (figure.wide, figure.narrow):
        boxes = []
        for mark, diamond in zip(sorted(marks, key=lambda mark: mark.on), drawing.diamonds, strict=True):
            text = diamond.label
            assert text.line.startswith(mark.label)
            assert "…" not in text.line
            size = max(text_width(line, 12) for line in text.lines)
            low = text.x if text.anchor == "start" else text.x - size
            assert low >= 0
            assert low + size <= drawing.width
            foot = text.y + 15 * (len(text.lines) - 1)
            assert foot <= drawing.height
            boxes.append((min(low, diamond.x - 7), max(low + size, diamond.x + 7), text.y - 11, foot + 3))
        for one, other in combinations(boxes, 2):
            assert one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2] or other[3] <= one[2]


def test_today_outside_the_plan_is_not_drawn() -> None:
    span = Span("A", date(2025, 1, 1), date(2025, 6, 1), Progress.DONE)
    assert gantt([span], title="T", today=date(2026, 1, 1)).wide.today is None


def test_every_tile_has_a_square_of_its_own_within_the_drawing() -> None:
    for drawing in (municipalities().wide, municipalities().narrow):
        assert len({(square.x, square.y) for square in drawing.squares}) == 99
        assert all(square.x >= 0 and square.x + drawing.side <= drawing.width for square in drawing.squares)
        assert all(entry.y > max(square.y for square in drawing.squares) for entry in drawing.legend)


@pytest.mark.parametrize(
    ("tiles", "levels"),
    [([Tile("A", 1, 1), Tile("B", 1, 1)], ["x"]), ([Tile("A", 1, 1, 3)], ["x"]), ([], []), ([], list("abcdef"))],
)
def test_impossible_maps_are_refused(tiles: list[Tile], levels: list[str]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        tile_map(tiles, levels, title="T", of="O")


def test_a_chart_of_nothing_is_still_a_chart() -> None:
    for figure in (
        dot_plot([], title="T", unit="U"),
        bars([], title="T"),
        lines([2025], [], title="T", unit="U"),
        tile_map([], ["x"], title="T", of="O"),
    ):
        assert len(list(svgs(drawn(figure)))) == 2


def test_a_map_of_very_many_columns_has_squares_that_can_be_seen() -> None:
    tiles = [Tile(f"Kommune {column}", column, 0, 0) for column in range(0, 2000, 50)]
    drawing = tile_map(tiles, ["intet"], title="Kort", of="Forløb").narrow
    assert drawing.side >= 6  # type: ignore[attr-defined]
