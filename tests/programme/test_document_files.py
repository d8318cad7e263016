"""The documents of a case go to those who read the case: first its application, then its engagement."""

import pytest
from django.test import Client

from engagements.records import access, services
from tests.factories import ApplicationFactory, EngagementFactory, MembershipFactory, StaffFactory

pytestmark = pytest.mark.django_db


def status(client: Client, document: object, user: object) -> int:
    """What the user gets."""
    client.force_login(user)  # type: ignore[arg-type]
    return client.get(access.address(document)).status_code  # type: ignore[arg-type]


def test_documents_of_an_engagement_go_to_its_people(client: Client) -> None:
    member, other, lead = StaffFactory(), StaffFactory(), StaffFactory(group="lead")
    engagement = EngagementFactory(team=[member])
    leader = MembershipFactory(municipality=engagement.municipality).user
    stranger = MembershipFactory().user
    open_one = services.file_document(engagement.case_no, "Brev", b"x", by=None, direction="sent")
    internal = services.file_document(engagement.case_no, "Notat", b"x", by=None, internal=True)
    assert [status(client, open_one, user) for user in (leader, member, lead, other, stranger)] == [
        200,
        200,
        200,
        404,
        404,
    ]
    assert [status(client, internal, user) for user in (leader, member, lead, other, stranger)] == [
        404,
        200,
        200,
        404,
        404,
    ]


def test_documents_of_an_application_go_to_those_who_see_it_until_it_has_an_engagement(client: Client) -> None:
    application = ApplicationFactory(submitted=True)
    leader = MembershipFactory(municipality=application.municipality).user
    consultant = StaffFactory()
    receipt = services.file_document(application.case_no, "Kvittering", b"x", by=None, direction="sent")
    internal = services.file_document(application.case_no, "Notat", b"x", by=None, internal=True)
    assert [status(client, receipt, user) for user in (leader, consultant)] == [200, 200]
    assert [status(client, internal, user) for user in (leader, consultant)] == [404, 404]
    EngagementFactory(case_no=application.case_no, municipality=application.municipality)
    assert [status(client, receipt, user) for user in (leader, consultant)] == [200, 404]
