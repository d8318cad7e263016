"""Who fetches the material of a course. Those on the interest list hear of a run where runs are published."""

from engagements.records.access import register as serve

from .models import CourseMaterial
from .permissions import may_fetch

serve(CourseMaterial, may_read=may_fetch)
