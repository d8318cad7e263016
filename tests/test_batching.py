"""Rows written by hand while others wait are the rows that the ORM would have written."""

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from courses.models import Run
from engagements.batching import Computed, from_row, insert, pipelined
from engagements.notices.models import Notice, OutboxMessage
from engagements.users.models import User
from tests import factories as f

pytestmark = pytest.mark.django_db


def test_inserted_rows_are_as_the_orm_would_have_written_them() -> None:
    reader = f.UserFactory()
    by_hand, by_orm = (
        [Notice(recipient=reader, key=f"{way}{number}", subject="Æble", body="%s'\n") for number in range(3)]
        for way in ("hand", "orm")
    )
    insert(by_hand, keyed=True)
    Notice.objects.bulk_create(by_orm)
    for one, other in zip(by_hand, by_orm, strict=True):
        stored, like = Notice.objects.get(pk=one.pk), Notice.objects.get(pk=other.pk)
        assert (stored.key, stored.subject, stored.body) == (one.key, like.subject, like.body)
        assert stored.read_at is None
        assert abs(stored.created_at - timezone.now()).total_seconds() < 60
        assert not one._state.adding
    assert [row.pk for row in by_hand] == sorted(row.pk for row in by_hand)


def test_nothing_to_insert_asks_nothing(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        insert([])


def test_a_computed_value_is_worked_out_by_the_database() -> None:
    user = f.UserFactory(email="hun@korsbaek.example")
    row = OutboxMessage(key="k", to="nobody@korsbaek.example", subject="Emne", body="Tekst")
    table = connection.ops.quote_name(User._meta.db_table)
    mail = Computed(f"(SELECT email FROM {table} WHERE id = %s)", lambda _row: [user.pk])
    insert([row], computed={"to": mail})
    assert OutboxMessage.objects.get().to == user.email


def test_a_conflict_is_settled_as_told_and_else_an_error() -> None:
    Group.objects.create(name="En gruppe")
    insert([Group(name="En gruppe")], then="ON CONFLICT DO NOTHING")
    assert Group.objects.filter(name="En gruppe").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([Group(name="En gruppe")])


def test_a_row_read_by_hand_is_the_object_of_the_orm() -> None:
    run = f.RunFactory(release_at=timezone.now())
    columns = ", ".join(field.column for field in Run._meta.concrete_fields)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {Run._meta.db_table} WHERE id = %s", [run.pk])
        read = from_row(Run, cursor.fetchone())
    stored = Run.objects.get(pk=run.pk)
    names = [field.attname for field in Run._meta.concrete_fields]
    assert [getattr(read, name) for name in names] == [getattr(stored, name) for name in names]
    assert not read._state.adding


def test_statements_sent_together_are_all_there_afterwards() -> None:
    with pipelined():
        insert([Group(name="En")])
        insert([Group(name="To")])
        seen = Group.objects.filter(name__in=["En", "To"]).count()
    assert seen == 2


def test_what_is_sent_together_changes_no_rows_there_are() -> None:
    group = Group.objects.create(name="En")

    def change() -> None:
        with pipelined():
            group.save()

    with pytest.raises(RuntimeError):
        change()


@pytest.mark.django_db(transaction=True)
def test_an_error_among_statements_sent_together_undoes_them_all() -> None:
    Group.objects.create(name="Der i forvejen")

    @transaction.atomic
    def three() -> None:
        with pipelined():
            for name in ("Ny", "Der i forvejen", "Endnu en"):
                insert([Group(name=name)])

    with pytest.raises(IntegrityError):
        three()
    assert set(Group.objects.filter(name__in=["Ny", "Endnu en"])) == set()
    assert Group.objects.filter(name="Der i forvejen").exists()  # the connection goes on working


def test_more_rows_than_one_statement_takes_are_all_inserted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection.ops, "bulk_batch_size", lambda _fields, _rows: 2)
    groups = [Group(name=f"Gruppe {number}") for number in range(5)]
    insert(groups, keyed=True)
    assert [Group.objects.get(name=group.name).pk for group in groups] == [group.pk for group in groups]
