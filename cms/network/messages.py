"""Who fetches the network's files."""

from typing import Any

from engagements.records.access import register as serve

from .models import Meeting, MeetingMaterial
from .models_threads import Post, PostAttachment


def _sees_post(attachment: PostAttachment, user: Any) -> bool:
    return Post.objects.visible_to(user).filter(pk=attachment.post_id).exists()


def _sees_meeting(material: MeetingMaterial, user: Any) -> bool:
    return Meeting.objects.visible_to(user).filter(pk=material.meeting_id).exists()


serve(PostAttachment, may_read=_sees_post)
serve(MeetingMaterial, may_read=_sees_meeting)
