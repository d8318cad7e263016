"""Who gets what at every address: the table that tests/test_access.py walks.

Each address is one line. `seen_by` names the roles that get the page; everyone else signed in gets 404 and the
anonymous visitor is sent to sign-in. `public` is for all, `signed_in` for anyone with an account, `own_rule` names
addresses whose answer is tested elsewhere (say where). The last argument gives the address its arguments from the
world that tests/world.py builds: `w.application`, `w.engagement`, `w.review`, `w.finding`, `w.report`, `w.action`, ...
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

LEADER, COORDINATOR, DIRECTOR, CASEWORKER, COUNCIL = "leader", "coordinator", "director", "caseworker", "council"
TEAM, STAFF, LEAD, ANALYST, ADMIN, STRANGER, ANONYMOUS = (
    "team",
    "staff",
    "lead",
    "analyst",
    "admin",
    "stranger",
    "anonymous",
)
COURSES, NETWORK, LEARNING, HOST = "courses", "network", "learning", "host"
ROLES = (
    ANONYMOUS,
    STRANGER,
    LEADER,
    COORDINATOR,
    DIRECTOR,
    CASEWORKER,
    COUNCIL,
    TEAM,
    STAFF,
    LEAD,
    ANALYST,
    ADMIN,
    COURSES,
    NETWORK,
    LEARNING,
    HOST,
)
"""TEAM is a legal consultant on the engagement's team; STAFF a social-professional one who is not.

COURSES is the course administrator, NETWORK the network's editor, LEARNING a member of the learning team,
HOST whoever hosts the network for a round.
"""


@dataclass(frozen=True)
class Row:
    """One address: its name, who sees it ("*" all, "signed_in"), where its rule is tested if not here, its arguments."""

    name: str
    roles: frozenset[str]
    args: Callable[[Any], list[Any]] = field(default=lambda w: [])
    tested_in: str = ""


def public(name: str, args: Callable[[Any], list[Any]] = lambda w: []) -> Row:
    """Everyone."""
    return Row(name, frozenset(ROLES), args)


def signed_in(name: str, args: Callable[[Any], list[Any]] = lambda w: []) -> Row:
    """Everyone with an account."""
    return Row(name, frozenset(ROLES) - {ANONYMOUS}, args)


def seen_by(name: str, *roles: str, args: Callable[[Any], list[Any]] = lambda w: []) -> Row:
    """These roles; 404 for everyone else who is signed in."""
    return Row(name, frozenset(roles), args)


def own_rule(name: str, tested_in: str) -> Row:
    """An address that only answers POST, or whose answer depends on more than the role."""
    return Row(name, frozenset(), tested_in=tested_in)


def _case(w: Any) -> list[Any]:
    return [w.engagement.case_no]


def _application(w: Any) -> list[Any]:
    return [w.application.reference]


def _draft(w: Any) -> list[Any]:
    return [w.draft.reference]


def _report(w: Any) -> list[Any]:
    return [*_case(w), w.report.kind]


def _review(w: Any) -> list[Any]:
    return [*_case(w), w.review.pk]


def _milestone(w: Any) -> list[Any]:
    return [*_case(w), w.milestone.pk]


def _course(w: Any) -> list[Any]:
    return [w.course.slug]


def _run(w: Any) -> list[Any]:
    return [w.course.slug, w.run.reference]


def _enrolment(w: Any) -> list[Any]:
    return [w.enrolment.pk]


def _visit(w: Any) -> list[Any]:
    return [w.visit.reference]


def _wish(w: Any) -> list[Any]:
    return [w.wish.reference]


def _visit_offer(w: Any) -> list[Any]:
    return [w.visit_offer.pk]


VISITORS = (LEARNING, LEAD)
"""Those who run the visits of the learning team."""


def _question(w: Any) -> list[Any]:
    return [w.question.reference]


def _answer(w: Any) -> list[Any]:
    return [w.answer.pk]


ORGANISERS = (COURSES, LEAD, ADMIN)
"""Those who look after courses and runs."""

LAWYERS = (TEAM, LEAD)
"""Those who answer questions on rules."""

FOLLOWERS = (LEADER, COORDINATOR, DIRECTOR)
"""Those in the municipality who follow an application or engagement in full."""

MEMBERS = (*FOLLOWERS, CASEWORKER, COUNCIL)
"""Everyone in the municipality."""

IN_NETWORK = (LEADER, STRANGER, TEAM, STAFF, LEAD, ANALYST, ADMIN, COURSES, NETWORK, LEARNING, HOST)
"""Leaders of every municipality, the stranger among them, the host and the Task Force."""

KEEPERS = (NETWORK, LEAD, ADMIN)
"""Those who look after the network."""

ARRANGERS = (*KEEPERS, HOST)
"""Those who arrange its meetings."""

# One address a line, so that two changes do not meet.
# fmt: off
ROWS: list[Row] = [
    signed_in("people:account"),
    signed_in("people:join"),
    own_rule("people:accept", "people/test_pages.py"),
    own_rule("people:leave", "people/test_pages.py"),
    seen_by("people:members", *MEMBERS, TEAM, STAFF, LEAD, ADMIN, args=lambda w: [w.municipality.code]),
    seen_by("people:invite", LEADER, ADMIN, args=lambda w: [w.municipality.code]),
    own_rule("people:invitation", "people/test_pages.py"),
    seen_by("people:membership", LEADER, ADMIN, args=lambda w: [w.municipality.code, w.membership.pk]),
    signed_in("notices:list"),
    seen_by("notices:open", LEADER, args=lambda w: [w.notice.pk]),
    own_rule("notices:mark_all_read", "notices/test_pages.py"),
    seen_by("notices:outbox", LEAD, ADMIN),
    own_rule("notices:mail", "notices/test_pages.py"),
    own_rule("notices:move", "notices/test_pages.py"),
    public("requirements:list"),
    own_rule("picture", "pages/test_pictures.py"),
    own_rule("records:file", "records/test_documents.py"),
    signed_in("engagements:list"),
    seen_by("engagements:portfolio", TEAM, STAFF, LEAD, ANALYST),
    seen_by("engagements:detail", LEADER, COORDINATOR, DIRECTOR, CASEWORKER, TEAM, STAFF, LEAD, ANALYST, args=_case),
    own_rule("engagements:move", "tests/programme/test_pages.py"),
    seen_by("engagements:plan", LEADER, COORDINATOR, DIRECTOR, CASEWORKER, TEAM, LEAD, args=_case),
    seen_by("engagements:phase", TEAM, LEAD, args=lambda w: [*_case(w), "analysis"]),
    seen_by("engagements:finish_phase", TEAM, LEAD, args=lambda w: [*_case(w), "analysis"]),
    seen_by("engagements:add_milestone", TEAM, LEAD, args=_case),
    seen_by("engagements:milestone", TEAM, LEAD, args=_milestone),
    seen_by("engagements:reach_milestone", TEAM, LEAD, args=_milestone),
    seen_by("engagements:remove_milestone", TEAM, LEAD, args=_milestone),
    seen_by("engagements:team", *FOLLOWERS, TEAM, LEAD, args=_case),
    seen_by("engagements:join_team", TEAM, LEAD, args=_case),
    seen_by("engagements:leave_team", TEAM, LEAD, args=lambda w: [*_case(w), w.engagement.team.first().pk]),
    seen_by("engagements:documents", *FOLLOWERS, TEAM, LEAD, args=_case),
    seen_by("engagements:add_document", TEAM, LEAD, args=_case),
    seen_by("engagements:history", *FOLLOWERS, TEAM, LEAD, args=_case),
    seen_by("engagements:write_note", TEAM, LEAD, args=_case),
    own_rule("home:start", "tests/home/test_start.py"),
    own_rule("home:municipalities", "tests/home/test_start.py"),
    seen_by("home:municipality", LEADER, COORDINATOR, DIRECTOR, CASEWORKER, COUNCIL, args=lambda w: [w.municipality.code]),
    seen_by("home:workplace", TEAM, STAFF, LEAD, ANALYST, ADMIN, COURSES, NETWORK, LEARNING),
    public("home:search"),
    public("open_data:documentation"),
    public("api:openapi-json"),
    own_rule("api:api-root", "tests/api/test_open_data.py"),
    own_rule("no_such_data", "tests/api/test_open_data.py"),
    public("api:subjects"),
    public("api:subjects_csv"),
    public("api:courses"),
    public("api:courses_csv"),
    own_rule("api:course", "tests/api/test_open_data.py"),
    public("api:paths"),
    public("api:paths_csv"),
    own_rule("api:path", "tests/api/test_open_data.py"),
    public("api:runs"),
    public("api:runs_csv"),
    own_rule("api:run", "tests/api/test_open_data.py"),
    signed_in("applications:list"),
    seen_by("applications:begin", LEADER, COORDINATOR, STRANGER),
    own_rule("applications:sign_off", "tests/applications/test_submitting.py"),
    seen_by("applications:detail", LEADER, COORDINATOR, DIRECTOR, TEAM, STAFF, LEAD, args=lambda w: [w.application.reference]),
    seen_by("applications:review_answers", LEADER, COORDINATOR, DIRECTOR, TEAM, STAFF, LEAD, args=lambda w: [w.application.reference]),
    seen_by("findings:list", LEADER, COORDINATOR, DIRECTOR, TEAM, LEAD, args=_case),
    seen_by("findings:finding_create", TEAM, args=_case),
    seen_by("findings:suggestions", TEAM, args=_case),
    seen_by("findings:finding", LEADER, COORDINATOR, DIRECTOR, TEAM, LEAD, args=lambda w: [*_case(w), w.finding.number]),
    own_rule("findings:finding_change", "tests/findings/test_pages.py"),
    own_rule("findings:finding_delete", "tests/findings/test_pages.py"),
    seen_by("findings:recommendations", LEADER, COORDINATOR, DIRECTOR, TEAM, LEAD, args=_case),
    seen_by("findings:recommendation_create", TEAM, args=_case),
    seen_by("findings:recommendation", LEADER, COORDINATOR, DIRECTOR, TEAM, LEAD, args=lambda w: [*_case(w), w.recommendation.number]),
    own_rule("applications:paper", "tests/applications/test_submitting.py"),
    own_rule("applications:move", "tests/applications/test_deciding.py"),
    seen_by("applications:section", LEADER, COORDINATOR, args=lambda w: [w.draft.reference, "motivation"]),
    own_rule("applications:autosave", "tests/applications/test_filling.py"),
    seen_by("applications:invite", LEADER, COORDINATOR, args=_draft),
    seen_by("applications:add_attachment", LEADER, COORDINATOR, args=_draft),
    own_rule("applications:remove_attachment", "tests/applications/test_filling.py"),
    seen_by("applications:request_sign_off", LEADER, COORDINATOR, args=_draft),
    seen_by("applications:sign", DIRECTOR, args=_draft),
    seen_by("applications:submit", LEADER, args=_draft),
    seen_by("applications:receipt", *FOLLOWERS, TEAM, STAFF, LEAD, args=_application),
    seen_by("applications:assess", TEAM, STAFF, args=_application),
    seen_by("applications:decide", LEAD, args=_application),
    seen_by("reviews:list", *FOLLOWERS, TEAM, LEAD, args=_case),
    seen_by("reviews:open", TEAM, args=_case),
    seen_by("reviews:detail", TEAM, LEAD, args=_review),
    seen_by("reviews:edit", TEAM, args=_review),
    seen_by("reviews:case", TEAM, LEAD, args=lambda w: [*_review(w), w.case.number]),
    seen_by("reviews:grid", TEAM, LEAD, args=_review),
    seen_by("reviews:results", TEAM, LEAD, args=_review),
    own_rule("reviews:answer", "tests/reviews/test_pages.py"),
    own_rule("reviews:add_case", "tests/reviews/test_pages.py"),
    own_rule("reviews:move", "tests/reviews/test_pages.py"),
    seen_by("followup:engagement", LEADER, COORDINATOR, DIRECTOR, CASEWORKER, TEAM, LEAD, args=lambda w: [w.engagement.case_no]),
    signed_in("followup:list"),
    seen_by("followup:action", LEADER, COORDINATOR, DIRECTOR, CASEWORKER, TEAM, LEAD, args=lambda w: [w.engagement.case_no, w.action.number]),
    own_rule("followup:reply", tested_in="tests/followup/test_followup.py"),
    own_rule("followup:new_action", tested_in="tests/followup/test_followup.py"),
    own_rule("followup:change", tested_in="tests/followup/test_followup.py"),
    own_rule("followup:report_done", tested_in="tests/followup/test_followup.py"),
    own_rule("followup:move", tested_in="tests/followup/test_followup.py"),
    own_rule("briefings:index", tested_in="tests/briefings/test_briefings.py"),
    own_rule("briefings:council", tested_in="tests/briefings/test_briefings.py"),
    own_rule("briefings:pdf", tested_in="tests/briefings/test_briefings.py"),
    own_rule("briefings:one", tested_in="tests/briefings/test_briefings.py"),
    own_rule("briefings:one_pdf", tested_in="tests/briefings/test_briefings.py"),
    own_rule("briefings:move", tested_in="tests/briefings/test_briefings.py"),
    seen_by("briefings:write", TEAM, args=lambda w: [w.engagement.case_no]),
    signed_in("visits:list"),
    signed_in("visits:offers"),
    signed_in("visits:offer", args=_visit_offer),
    seen_by("visits:new_offer", *VISITORS),
    seen_by("visits:change_offer", *VISITORS, args=_visit_offer),
    seen_by("visits:request", LEADER, COORDINATOR, STRANGER, args=_visit_offer),
    own_rule("visits:move", "tests/visits/test_pages.py"),
    seen_by("visits:planning", TEAM, STAFF, *VISITORS),
    seen_by("visits:coverage", TEAM, STAFF, LEAD, ANALYST, ADMIN, COURSES, NETWORK, LEARNING),
    seen_by("visits:base", TEAM, STAFF, *VISITORS),
    public("visits:evaluate", args=lambda w: [w.visit.token]),
    seen_by("visits:detail", *FOLLOWERS, CASEWORKER, TEAM, STAFF, LEAD, ANALYST, ADMIN, COURSES, NETWORK, LEARNING, args=_visit),
    seen_by("visits:change_request", LEADER, COORDINATOR, args=_wish),
    own_rule("visits:plan", "tests/visits/test_pages.py"),
    own_rule("visits:reschedule", "tests/visits/test_pages.py"),
    own_rule("visits:team", "tests/visits/test_pages.py"),
    own_rule("visits:programme", "tests/visits/test_pages.py"),
    own_rule("visits:add_preparation", "tests/visits/test_pages.py"),
    own_rule("visits:tick", "tests/visits/test_pages.py"),
    own_rule("visits:ask_to_move", "tests/visits/test_moving.py"),
    own_rule("visits:keep_time", "tests/visits/test_moving.py"),
    own_rule("visits:change_preparation", "tests/visits/test_moving.py"),
    own_rule("visits:remove_preparation", "tests/visits/test_moving.py"),
    own_rule("visits:remove_material", "tests/visits/test_moving.py"),
    seen_by("visits:add_material", LEADER, COORDINATOR, *VISITORS, args=_visit),
    seen_by("visits:calendar", *FOLLOWERS, CASEWORKER, *VISITORS, args=_visit),
    seen_by("visits:programme_pdf", *FOLLOWERS, CASEWORKER, *VISITORS, args=_visit),
    seen_by("visits:evaluation_pdf", *FOLLOWERS, CASEWORKER, *VISITORS, args=_visit),
    own_rule("visits:hold", "tests/visits/test_pages.py"),
    seen_by("visits:note", *VISITORS, args=_visit),
    seen_by("visits:evaluation", *FOLLOWERS, CASEWORKER, *VISITORS, args=_visit),
    seen_by("visits:add_point", LEADER, COORDINATOR, *VISITORS, args=_visit),
    seen_by("visits:change_point", LEADER, COORDINATOR, *VISITORS, args=lambda w: [w.visit.reference, w.point.pk]),
    own_rule("visits:finish_point", "tests/visits/test_pages.py"),
    seen_by("visits:make_action", LEADER, COORDINATOR, args=lambda w: [w.visit.reference, w.point.pk]),
    own_rule("findings:recommendation_change", "tests/findings/test_pages.py"),
    own_rule("findings:recommendation_delete", "tests/findings/test_pages.py"),
    own_rule("findings:recommendation_up", "tests/findings/test_pages.py"),
    seen_by("findings:reports", LEADER, COORDINATOR, DIRECTOR, CASEWORKER, TEAM, LEAD, args=_case),
    seen_by("findings:report", LEADER, COORDINATOR, DIRECTOR, CASEWORKER, COUNCIL, TEAM, LEAD, args=_report),
    seen_by("findings:report_texts", TEAM, args=_report),
    seen_by("findings:report_draft", TEAM, LEAD, args=_report),
    seen_by("findings:report_lock", TEAM, LEAD, args=_report),
    seen_by("findings:report_publish", TEAM, LEAD, args=_report),
    own_rule("findings:report_pdf", "tests/findings/test_pages.py"),
    own_rule("findings:move", "tests/findings/test_pages.py"),
    public("completion:check"),
    seen_by("completion:attendance_start", *ORGANISERS, args=_run),
    seen_by("completion:attendance", *ORGANISERS, args=lambda w: [*_run(w), w.session.pk]),
    seen_by("completion:evaluate", CASEWORKER, args=_run),
    seen_by("completion:evaluation", *ORGANISERS, args=_run),
    seen_by("completion:questions", *ORGANISERS, args=_run),
    seen_by("completion:certificates", *ORGANISERS, args=_run),
    public("completion:certificate", args=lambda w: [w.certificate.code]),
    seen_by("completion:certificate_pdf", CASEWORKER, LEADER, COORDINATOR, *ORGANISERS, args=lambda w: [w.certificate.code]),
    own_rule("completion:move", "courses/test_certificates.py"),
    public("courses:list"),
    public("courses:course", args=lambda w: [w.course.slug]),
    public("courses:paths"),
    public("courses:path", args=lambda w: [w.path.slug]),
    seen_by("courses:reports", *ORGANISERS, NETWORK, HOST),
    own_rule("catalogue:interest", "tests/courses/test_course_page.py"),
    seen_by("catalogue:desk", *ORGANISERS),
    seen_by("catalogue:new", *ORGANISERS),
    seen_by("catalogue:edit", *ORGANISERS, args=lambda w: [w.course.slug]),
    seen_by("catalogue:material", *ORGANISERS, args=lambda w: [w.course.slug]),
    own_rule("catalogue:remove_material", "tests/courses/test_desk.py"),
    seen_by("catalogue:interested", *ORGANISERS, args=lambda w: [w.course.slug]),
    seen_by("catalogue:paths_desk", *ORGANISERS),
    seen_by("catalogue:new_path", *ORGANISERS),
    seen_by("catalogue:edit_path", *ORGANISERS, args=lambda w: [w.path.slug]),
    own_rule("catalogue:move", "tests/courses/test_desk.py"),
    seen_by("runs:list", *ORGANISERS, NETWORK, HOST),
    seen_by("runs:new", *ORGANISERS, NETWORK, HOST),
    seen_by("runs:edit", *ORGANISERS, args=_run),
    seen_by("runs:facts", *ORGANISERS, args=_run),
    seen_by("runs:sessions", *ORGANISERS, args=_run),
    seen_by("runs:teachers", *ORGANISERS, args=_run),
    seen_by("runs:terms", *ORGANISERS, args=_run),
    seen_by("runs:questions", *ORGANISERS, args=_run),
    seen_by("runs:material", *ORGANISERS, args=_run),
    seen_by("runs:certificate", *ORGANISERS, args=_run),
    seen_by("runs:clone", *ORGANISERS, args=_run),
    own_rule("runs:move", "courses/test_run_pages.py"),
    public("courses:run", args=_run),
    signed_in("courses:mine"),
    seen_by("courses:municipality", LEADER, COORDINATOR, args=lambda w: [w.municipality.code]),
    signed_in("enrolment:enrol", args=_run),
    signed_in("enrolment:ours", args=_run),
    public("enrolment:calendar", args=_run),
    seen_by("enrolment:participants", *ORGANISERS, args=_run),
    seen_by("enrolment:list_pdf", *ORGANISERS, args=_run),
    seen_by("enrolment:badges_pdf", *ORGANISERS, args=_run),
    seen_by("enrolment:sign_in_pdf", *ORGANISERS, args=lambda w: [*_run(w), w.session.pk]),
    seen_by("enrolment:seats", *ORGANISERS, args=_run),
    seen_by("enrolment:dates", *ORGANISERS, args=_run),
    seen_by("enrolment:cancel_run", *ORGANISERS, args=_run),
    seen_by("enrolment:detail", LEADER, COORDINATOR, CASEWORKER, *ORGANISERS, args=_enrolment),
    seen_by("enrolment:cancel", LEADER, COORDINATOR, CASEWORKER, *ORGANISERS, args=_enrolment),
    seen_by("enrolment:swap", LEADER, COORDINATOR, *ORGANISERS, args=_enrolment),
    seen_by("enrolment:transfer", LEADER, COORDINATOR, CASEWORKER, *ORGANISERS, args=_enrolment),
    own_rule("enrolment:split", "tests/courses/test_enrolment_page.py"),
    own_rule("enrolment:move", "tests/courses/test_enrolment_page.py"),
    own_rule("enrolment:new_feed", "tests/courses/test_calendars.py"),
    own_rule("enrolment:feed", "tests/courses/test_calendars.py"),
    seen_by("enrolment:policy", LEADER, COORDINATOR, args=lambda w: [w.municipality.code]),
    seen_by("network:start", *IN_NETWORK),
    own_rule("network:close_welcome", "tests/network/test_start.py"),
    seen_by("network:threads", *IN_NETWORK),
    seen_by("network:new_thread", *IN_NETWORK),
    own_rule("network:see_all", "tests/network/test_threads.py"),
    seen_by("network:thread", *IN_NETWORK, args=lambda w: [w.thread.pk]),
    own_rule("network:follow", "tests/network/test_threads.py"),
    own_rule("network:pin", "tests/network/test_moderation.py"),
    seen_by("network:post", *IN_NETWORK, args=lambda w: [w.post.pk]),
    own_rule("network:edit_post", "tests/network/test_threads.py"),
    own_rule("network:report", "tests/network/test_moderation.py"),
    seen_by("network:reports", *KEEPERS),
    own_rule("network:settle", "tests/network/test_moderation.py"),
    own_rule("network:move", "tests/network/test_moderation.py"),
    seen_by("network:meetings", *IN_NETWORK),
    seen_by("network:new_meeting", *ARRANGERS),
    seen_by("network:meeting", *IN_NETWORK, args=lambda w: [w.meeting.run.reference]),
    seen_by("network:change_meeting", *ARRANGERS, args=lambda w: [w.meeting.run.reference]),
    seen_by("network:minutes", *ARRANGERS, args=lambda w: [w.meeting.run.reference]),
    own_rule("network:share_minutes", "tests/network/test_meetings.py"),
    seen_by("network:guests", *ARRANGERS, args=lambda w: [w.meeting.run.reference]),
    own_rule("network:remove_guest", "tests/network/test_meetings.py"),
    seen_by("network:meeting_material", *ARRANGERS, args=lambda w: [w.meeting.run.reference]),
    own_rule("network:remove_material", "tests/network/test_meetings.py"),
    seen_by("network:coverage", *IN_NETWORK),
    seen_by("network:material", *IN_NETWORK),
    own_rule("network:note_read", "tests/network/test_library.py"),
    own_rule("network:favourite", "tests/network/test_library.py"),
    seen_by("network:directory", *IN_NETWORK),
    seen_by("network:entry", *IN_NETWORK),
    signed_in("questions:list"),
    seen_by("questions:ask", LEADER, COORDINATOR, CASEWORKER, STRANGER),
    public("questions:answers"),
    public("questions:answer", args=_answer),
    own_rule("questions:useful", "tests/questions/test_answers.py"),
    seen_by("questions:validity", *LAWYERS, args=_answer),
    seen_by("questions:detail", *FOLLOWERS, CASEWORKER, *LAWYERS, args=_question),
    own_rule("questions:change", "tests/questions/test_pages.py"),
    seen_by("questions:assign", *LAWYERS, args=_question),
    seen_by("questions:draft", *LAWYERS, args=_question),
    seen_by("questions:confirm", LEAD, args=lambda w: [w.drafted.reference]),
    seen_by("questions:note", *LAWYERS, args=_question),
    own_rule("questions:rewrite", "tests/questions/test_pages.py"),
    own_rule("questions:move", "tests/questions/test_pages.py"),
]
# fmt: on
