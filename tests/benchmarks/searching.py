"""The first hits of the search over 100,000 pages and posts, beside the bare full-text query on the same index.

Only PostgreSQL has an index that ranks, so only there is it measured. Times are those on the wall: the server works too.
"""

import re
import time
from collections.abc import Iterator
from functools import partial
from itertools import accumulate
from random import Random
from typing import Any

from .measure import Result, compare

PAGES, POSTS, THREADS, ROUNDS = 60_000, 40_000, 2_000, 15
HIDDEN_IN = 20
"""Every twentieth page is not published or lies under a private parent, every twentieth post is hidden."""
BATCH = 4_000
SYLLABLES = re.findall("..", "fami liesatalemaindoparnigopefosvedukarestilohemy")
ASKED = {"one word": "underretninger", "three words": "underretninger skolens børn"}
OFTEN = {"underretning": 0.08, "underretninger": 0.04, "skolen": 0.25, "børnene": 0.4}
"""Words asked for, and in what share of the texts they stand."""


def measure() -> Iterator[Result | str]:
    """One line for each question asked."""
    from django.db import connection

    from tests import databases

    if connection.vendor != "postgresql":
        yield "search over 100,000 pages and posts: measured on PostgreSQL only"
        return
    with databases.apart("bench-search"):
        person = fill()
        for name, text in ASKED.items():
            yield measure_one(f"search, {name}, 100,000 texts", text, person)
        connection.close()


def measure_one(name: str, text: str, person: Any) -> Result:
    """The first hits of a member of the network among pages and among posts, beside the query."""
    from cms.home import search

    ours, floor = partial(search.in_index, text, person), partial(bare, text)
    found = ours()
    assert min(len(found["pages"]), len(found["posts"])) >= 10
    assert len(floor()) == 20
    return compare(name, ours, floor, ROUNDS, time.perf_counter)


def bare(text: str) -> list[tuple[Any, ...]]:
    """The twenty best of the index, whatever they are and whoever may see them."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT content_type_id, object_id, ts_rank(title || body, asked) AS rank "
            "FROM wagtailsearch_indexentry, plainto_tsquery('danish', %s) AS asked "
            "WHERE title || body @@ asked ORDER BY rank DESC LIMIT 20",
            [text],
        )
        return cursor.fetchall()


def fill() -> Any:
    """Pages and posts with their entries in the index as Wagtail writes them; returns a member of the network."""
    from django.db import connection, transaction

    from tests import factories as f

    written = words()
    with transaction.atomic():
        pages = write_pages(written)
        person = f.MembershipFactory(role="leader").user
        posts = write_posts(written, person)
    index(pages, posts)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return person


def words() -> Iterator[str]:
    """Words that are as unlike in how often they come as those of a language."""
    chance = Random(2026)
    known = sorted({"".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(9_000)})
    chance.shuffle(known)
    weights = list(accumulate(1 / (place + 3) for place in range(len(known))))
    while True:
        yield from chance.choices(known, cum_weights=weights, k=50_000)


def texts(written: Iterator[str], number: int, length: int) -> Iterator[str]:
    """So many texts of about so many words, with the words asked for in some."""
    chance = Random(length)
    for _ in range(number):
        found = [next(written) for _ in range(chance.randint(length // 2, length * 3 // 2))]
        found += [word for word, share in OFTEN.items() if chance.random() < share]
        chance.shuffle(found)
        yield " ".join(found)


def write_pages(written: Iterator[str]) -> list[tuple[int, str, str]]:
    """Articles, half of them beside and half below a private page; (key, title, text) of each."""
    from wagtail.models import Page, PageViewRestriction

    from cms.pages.models import ArticlePage
    from cms.pages.reference import home_page

    home = home_page()
    parents = []
    for slug in ("aabent", "lukket"):
        parent = ArticlePage(title=slug, slug=slug, lead="En samling")
        home.add_child(instance=parent)
        parents.append(parent)
    model = ArticlePage(title="Mønster", slug="moenster", lead="")
    parents[0].add_child(instance=model)
    PageViewRestriction.objects.create(page=Page.objects.get(pk=parents[1].pk), restriction_type="login")
    found, rows, own = [], [], []
    first = model.pk + 1
    for place, text in enumerate(texts(written, PAGES, 120)):
        parent = parents[place % (2 * HIDDEN_IN) == 0]
        title = " ".join(text.split()[:5])
        page = Page(
            pk=first + place,
            title=title,
            slug=f"side-{place}",
            depth=parent.depth + 1,
            path=Page._get_path(parent.path, parent.depth + 1, place + 2),
            url_path=f"{parent.url_path}side-{place}/",
            live=place % (2 * HIDDEN_IN) != HIDDEN_IN,
            content_type=model.cached_content_type,
            locale_id=model.locale_id,
            draft_title=title,
        )
        rows.append(page)
        own.append((page.pk, text))
        found.append((page.pk, title, text))
    Page.objects.bulk_create(rows, BATCH)
    copy_articles(model, own)
    return found


def copy_articles(model: Any, own: list[tuple[int, str]]) -> None:
    """The rows of the articles' own table, which Django's bulk insert cannot write: copies of one with another lead."""
    from django.db import connection

    table = model._meta.db_table
    columns = [field.column for field in model._meta.local_concrete_fields]
    values = {"page_ptr_id": "given.pk", "lead": "left(given.text, 300)"}
    chosen = ", ".join(values.get(column, f'model."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        for at in range(0, len(own), BATCH):
            keys, leads = zip(*own[at : at + BATCH], strict=True)
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {chosen} FROM {table} AS model, "
                "unnest(%s::int[], %s::text[]) AS given(pk, text) WHERE model.page_ptr_id = %s",
                [list(keys), list(leads), model.pk],
            )


def write_posts(written: Iterator[str], person: Any) -> list[tuple[int, str, str]]:
    """Threads of twenty posts; (key, title of the thread, text) of each post."""
    from django.utils import timezone

    from cms.models import Post, Thread
    from engagements.municipalities.models import fold

    now = timezone.now()
    titles = [text[:160] for text in texts(written, THREADS, 6)]
    threads = Thread.objects.bulk_create(
        Thread(title=title, folded_title=fold(title), started_by=person, last_post_at=now) for title in titles
    )
    posts = Post.objects.bulk_create(
        (
            Post(
                thread=threads[place % THREADS],
                author=person,
                text=text,
                folded_text=fold(text),
                state="hidden" if place % HIDDEN_IN == 0 else "shown",
            )
            for place, text in enumerate(texts(written, POSTS, 60))
        ),
        BATCH,
    )
    return [(post.pk, post.thread.title, post.text) for post in posts]


def index(pages: list[tuple[int, str, str]], posts: list[tuple[int, str, str]]) -> None:
    """Entries as the backend writes them, a statement for many; the indexes are made again afterwards, which takes a fraction."""
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection

    from cms.models import Post
    from cms.pages.models import ArticlePage

    statement = """
        INSERT INTO wagtailsearch_indexentry
            (content_type_id, object_id, title, autocomplete, body, title_norm, title_text, body_text)
        SELECT %s, key::text, setweight(to_tsvector('danish', title), 'A'), to_tsvector('simple', title),
            setweight(to_tsvector('danish', text), 'D'), 1.0, title, text
        FROM unnest(%s::int[], %s::text[], %s::text[]) AS given(key, title, text)
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes "
            "WHERE tablename = 'wagtailsearch_indexentry' AND indexdef LIKE '%USING gin%'"
        )
        made = cursor.fetchall()
        for name, _definition in made:
            cursor.execute(f'DROP INDEX "{name}"')
        for kind, rows in ((ArticlePage, pages), (Post, posts)):
            of_kind = ContentType.objects.get_for_model(kind).pk
            for at in range(0, len(rows), BATCH):
                columns = [list(column) for column in zip(*rows[at : at + BATCH], strict=True)]
                cursor.execute(statement, [of_kind, *columns])
        for _name, definition in made:
            cursor.execute(definition)
