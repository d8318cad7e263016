"""Danish is complete, and the collector finds what a page would show."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from cms import translations
from cms.translations import Found


def test_danish_is_complete() -> None:
    assert translations.problems() == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ('{% translate "Send" %}', [Found("Send")]),
        ('{% translate "Open" context "state" %}', [Found("Open", "state")]),
        ("{% blocktranslate %}Due {{ day }}{% endblocktranslate %}", [Found("Due %(day)s")]),
        (
            "{% blocktranslate count n=rows %}one row{% plural %}{{ n }} rows{% endblocktranslate %}",
            [Found(("one row", "%(n)s rows"))],
        ),
        ("{% blocktranslate trimmed %}\n  a\n  b\n{% endblocktranslate %}", [Found("a b")]),
        ('<a title="{{ _("Close") }}">{% comment %}x{% endcomment %}</a>', [Found("Close")]),
        ('{% translate "100 % of 20" %}', [Found("100 %% of 20")]),
        ("<p>nothing</p>", []),
    ],
)
def test_a_template_gives_its_texts(template: str, found: list[Found]) -> None:
    assert list(translations.in_template(template)) == found


def test_collecting_keeps_translations_and_drops_what_is_no_longer_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translations, "texts", lambda: iter([Found("kept"), Found(("a row", "%(n)s rows"))]))
    stored = Catalog(locale="da")
    stored.add("kept", "bevaret")
    stored.add("dropped", "væk")
    path = tmp_path / "django.po"
    translations.write(translations.merged(stored), path)
    again = translations.read(path)
    assert again.get("kept").string == "bevaret"
    assert again.get("dropped") is None
    assert not translations.translated(again.get("a row"))


def test_a_missing_fuzzy_or_wrong_translation_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        translations, "texts", lambda: iter([Found("missing"), Found("unsure"), Found("%(n)s left"), Found("fine")])
    )
    path = tmp_path / "django.po"
    stored = Catalog(locale="da")
    stored.add("unsure", "usikker", flags=["fuzzy"])
    stored.add("%(n)s left", "tilbage %(x)s")
    stored.add("fine", "fint")
    translations.write(stored, path)
    monkeypatch.setattr(translations, "catalogues", lambda: [path, tmp_path / "none.po"])
    found = translations.problems()
    assert [line.split(":")[0] for line in found] == ["missing", "fuzzy", "wrong"]
