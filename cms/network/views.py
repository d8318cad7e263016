"""The start page, and threads: the list, a thread, writing, following, reporting and moderating."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from engagements.design.lists import PAGE_SIZE, Column, ListPage
from engagements.design.moves import MoveView
from engagements.lifecycle import MoveRefused
from engagements.records.access import address

from . import permissions, services
from .filters import ThreadFilter
from .forms import EditPostForm, ReplyForm, ReportForm, ThreadForm
from .models_threads import Follow, Post, PostReport, Thread
from .people import places_of
from .screens import InNetwork, LooksAfter, NetworkFormPage

THREADS = (gettext_lazy("Threads"), "network:threads")


class ThreadList(InNetwork, ListPage):
    """Every thread, pinned ones first, then the one with the newest post."""

    heading = gettext_lazy("Threads")
    intro = gettext_lazy("Ask the other leaders, and tell what worked. You hear of new posts in threads you follow.")
    template_name = "network/threads.html"
    filterset_class = ThreadFilter
    default_sort = ("-pinned", "-last_post_at")
    downloads = False
    empty_title = gettext_lazy("No threads yet")
    empty_text = gettext_lazy("Start the first one: a question to the other leaders is enough.")
    columns = [
        Column("title", gettext_lazy("Thread"), sort="folded_title", template="network/thread_cell.html"),
        Column("started_by", gettext_lazy("Started by"), sort="started_by__first_name"),
        Column("posts_shown", gettext_lazy("Posts"), sort="posts_shown", numeric=True),
        Column("last_post_at", gettext_lazy("Newest post"), sort="last_post_at"),
    ]

    def get_queryset(self) -> QuerySet[Thread]:
        """Those the person sees, with what is new in them."""
        user = self.request.user
        rows = Thread.objects.visible_to(user).marked_for(user)
        return rows.select_related("started_by").prefetch_related("topics")

    def get_actions(self) -> list[tuple[Any, str]]:
        """Start one; those who moderate also see what has been reported."""
        found = [(_("Start a thread"), reverse("network:new_thread"))]
        if permissions.looks_after(self.request.user):
            found.append((_("Reported posts"), reverse("network:reports")))
        return found


class NewThread(InNetwork, NetworkFormPage):
    """Start a thread."""

    page_title = gettext_lazy("Start a thread")
    button = gettext_lazy("Publish to the network")
    crumbs = [THREADS]
    about_threads = True

    def make_form(self, *args: Any) -> ThreadForm:
        """Title, first post, topics and a file."""
        return ThreadForm(*args)

    def save(self, form: ThreadForm) -> str:
        """Start it."""
        answer = form.cleaned_data
        thread = services.start_thread(
            title=answer["title"],
            text=answer["text"],
            topics=answer["topics"],
            file=answer["file"],
            by=self.request.user,
        )
        messages.success(self.request, _("The thread is started. You hear of replies once a day."))
        return thread.get_absolute_url()

    def back(self) -> str:
        """The list."""
        return reverse("network:threads")


class ThreadPage(InNetwork, TemplateView):
    """A thread, fifty posts a page; the form to reply stands below the newest."""

    template_name = "network/thread.html"

    def find(self) -> Thread:
        """The thread, if the person sees it."""
        threads = Thread.objects.visible_to(self.request.user).select_related("started_by")
        self.thread = get_object_or_404(threads.prefetch_related("topics"), pk=self.kwargs["pk"])
        return self.thread

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The posts of one page; how far the person has seen is noted."""
        self.find()
        return self.render_to_response(self.get_context_data(form=ReplyForm()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Reply; what was typed stays if it cannot be kept."""
        form = ReplyForm(request.POST, request.FILES)
        thread = self.find()
        if form.is_valid():
            try:
                post = services.reply(
                    thread, text=form.cleaned_data["text"], file=form.cleaned_data["file"], by=request.user
                )
            except MoveRefused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Your post is published to the network."))
                return redirect(post)
        return render(request, self.template_name, self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of posts with authors, earlier versions and files; the last page where a reply failed."""
        user, thread = self.request.user, self.thread
        posts = Post.objects.filter(thread=thread).select_related("author").prefetch_related("attachments", "edits")
        asked = self.request.GET.get("side") or (-1 if kwargs["form"].errors else 1)
        pages = Paginator(posts.order_by("pk"), PAGE_SIZE)
        page = pages.get_page(pages.num_pages if asked == -1 else asked)
        rows = list(page.object_list)
        places = places_of(post.author_id for post in rows)
        for post in rows:
            post.thread = thread
            post.place = places.get(post.author_id, "")
            post.may_edit = permissions.may_edit(post, user)
            post.files = [(one, address(one)) for one in post.attachments.all()]
        if rows:
            services.note_seen(thread, by=user, until=rows[-1].written_at)
        numbers = pages.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
        return super().get_context_data(**kwargs) | {
            "thread": thread,
            "posts": rows,
            "page_obj": page,
            "page_links": {
                "numbers": [(n, f"?side={n}" if isinstance(n, int) else "") for n in numbers],
                "previous": f"?side={page.number - 1}" if page.has_previous() else "",
                "next": f"?side={page.number + 1}" if page.has_next() else "",
            }
            if pages.num_pages > 1
            else {},
            "followed": Follow.objects.filter(thread=thread, person=user.pk).exists(),
            "may_post": permissions.may_post(thread, user),
            "moderates": permissions.looks_after(user),
        }


class PostAddress(InNetwork, View):
    """Where a post stands: the right page of its thread."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Go there."""
        posts = Post.objects.filter(thread__in=Thread.objects.visible_to(request.user).values("pk"))
        post = get_object_or_404(posts, pk=pk)
        before = Post.objects.filter(thread=post.thread_id, pk__lt=post.pk).count()
        page = before // PAGE_SIZE + 1
        query = f"?side={page}" if page > 1 else ""
        return redirect(f"{reverse('network:thread', args=[post.thread_id])}{query}#indlaeg-{post.pk}")


class FollowThread(InNetwork, View):
    """Follow a thread, or no longer."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Turn it on or off, as the button said."""
        thread = get_object_or_404(Thread.objects.visible_to(request.user), pk=pk)
        if request.POST.get("follow") == "no":
            services.unfollow(thread, by=request.user)
            messages.success(request, _("You no longer follow the thread."))
        else:
            services.follow(thread, by=request.user)
            messages.success(request, _("You follow the thread and hear of new posts once a day."))
        return redirect(thread)


class SeeAll(InNetwork, View):
    """Note every thread as seen."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do it and go back to the list."""
        services.see_all(by=request.user)
        messages.success(request, _("All threads are noted as seen."))
        return redirect("network:threads")


class PinThread(LooksAfter, View):
    """Keep a thread at the top of the list, or no longer."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """As the button said."""
        thread = get_object_or_404(Thread.objects.visible_to(request.user), pk=pk)
        pinned = request.POST.get("pin") != "no"
        services.pin(thread, pinned=pinned, by=request.user)
        done = _("The thread stays at the top of the list.") if pinned else _("The thread is no longer at the top.")
        messages.success(request, done)
        return redirect(thread)


class OnPost(InNetwork, NetworkFormPage):
    """A form on a post."""

    about_threads = True

    def prepare(self) -> None:
        """A post the person sees."""
        posts = Post.objects.visible_to(self.request.user).select_related("thread", "author")
        self.subject = get_object_or_404(posts, pk=self.kwargs["pk"])
        self.crumbs = [THREADS, (self.subject.thread.title, self.subject.thread.get_absolute_url())]

    def back(self) -> str:
        """The post."""
        return self.subject.get_absolute_url()


class EditPost(OnPost):
    """Change one's own post."""

    page_title = gettext_lazy("Change your post")
    button = gettext_lazy("Save")

    def prepare(self) -> None:
        """One's own, while the thread is open."""
        super().prepare()
        self.require(permissions.may_edit(self.subject, self.request.user))

    def make_form(self, *args: Any) -> EditPostForm:
        """The text as it is."""
        return EditPostForm(*args, instance=Post.objects.get(pk=self.subject.pk))

    def save(self, form: EditPostForm) -> str:
        """Keep what it said before."""
        post = services.edit_post(
            self.subject, text=form.cleaned_data["text"], version=form.expected_version or 0, by=self.request.user
        )
        messages.success(self.request, _("Your post is changed; what it said before can still be seen."))
        return post.get_absolute_url()


class ReportPost(OnPost):
    """Report a post that breaks the rules."""

    page_title = gettext_lazy("Report a post")
    button = gettext_lazy("Send the report")
    template_name = "network/report.html"

    def prepare(self) -> None:
        """Another member's post."""
        super().prepare()
        if self.subject.author_id == self.request.user.pk:
            raise Http404

    def make_form(self, *args: Any) -> ReportForm:
        """What is wrong."""
        return ReportForm(*args)

    def save(self, form: ReportForm) -> str:
        """Report it."""
        services.report_post(self.subject, reason=form.cleaned_data["reason"], by=self.request.user)
        messages.success(self.request, _("Thank you. The network's editor looks at the post."))
        return self.subject.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The post beside the form."""
        return super().get_context_data(**kwargs) | {"post": self.subject}


class Reports(LooksAfter, ListPage):
    """Posts that have been reported and not yet looked at, oldest first."""

    heading = gettext_lazy("Reported posts")
    intro = gettext_lazy("Hide the post if it breaks the rules, or settle the report and let the post stand.")
    template_name = "network/reports.html"
    default_sort = "at"
    downloads = False
    empty_title = gettext_lazy("No reports to settle")
    empty_text = gettext_lazy("When a member reports a post, it is shown here, and you are told by mail.")
    columns = [Column("at", gettext_lazy("Reported"))]

    def get_queryset(self) -> QuerySet[PostReport]:
        """The open ones."""
        rows = PostReport.objects.visible_to(self.request.user).open()
        return rows.select_related("post__author", "post__thread", "by")

    def get_extra_context(self) -> dict[str, Any]:
        """The reports themselves."""
        return {"reports": list(self.object_list)}


class SettleReport(LooksAfter, View):
    """The post stays as it is."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Settle it."""
        report = get_object_or_404(PostReport.objects.visible_to(request.user), pk=pk)
        services.settle_report(report, by=request.user)
        messages.success(request, _("The report is settled; the post stands."))
        return redirect("network:reports")


class NetworkMove(MoveView):
    """Close, open again or hide a thread; hide or show a post."""

    KINDS: dict[str, Any] = {"traad": Thread, "indlaeg": Post}

    def get_queryset(self) -> QuerySet[Any]:
        """What the person sees of the kind that the address names."""
        model = self.KINDS.get(self.kwargs["kind"])
        if model is None:
            raise Http404
        rows = model.objects.visible_to(self.request.user)
        return rows.select_related("thread") if model is Post else rows

    def get_object(self, queryset: Any = None) -> Any:
        """By number; moves are for those who look after the network."""
        if not permissions.looks_after(self.request.user):
            raise Http404
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
