"""A picture on a page is for everyone; one in a private collection only for those the collection is for."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, CollectionViewRestriction

from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db


def _rendition(collection: Collection) -> str:
    image = get_image_model().objects.create(title="Billede", file=get_test_image_file(), collection=collection)
    return reverse("picture", args=[image.get_rendition("width-20").file.name.removeprefix("images/")])


def test_a_picture_is_served_to_everyone(client: Client) -> None:
    answer = client.get(_rendition(Collection.get_first_root_node()))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/png"


def test_a_picture_of_a_private_collection_is_served_to_its_groups_only(client: Client) -> None:
    private = Collection.get_first_root_node().add_child(name="Netværk")
    restriction = CollectionViewRestriction.objects.create(collection=private, restriction_type="groups")
    restriction.groups.add(Group.objects.get(name="network"))
    address = _rendition(private)
    assert client.get(address).status_code == 404
    client.force_login(StaffFactory(group="legal"))
    assert client.get(address).status_code == 404
    client.force_login(StaffFactory(group="network"))
    answer = client.get(address)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_picture_that_is_not_there_is_not_found(client: Client) -> None:
    assert client.get(reverse("picture", args=["../taskforce.sqlite3"])).status_code == 404
