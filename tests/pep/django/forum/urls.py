"""Pages: one that considers its posts, one that forgot to, one that streams, one that renders late, one that writes."""

from django.http import HttpResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import SimpleTemplateResponse
from django.urls import path

from governance.pep.django import past_the_filter
from tests.pep.django.forum.models import Post

LATE = engines["django"].from_string("{% for post in posts %}{{ post.body }} {% endfor %}")


def consider(request):
    if hasattr(request, "governed"):
        request.governed.consider(Post.objects.all())


def considered(request):
    consider(request)
    return HttpResponse(", ".join(Post.objects.order_by("id").values_list("body", flat=True)))


def forgotten(_request):
    return HttpResponse(", ".join(Post.objects.values_list("body", flat=True)))


def streamed(request):
    consider(request)
    return StreamingHttpResponse(
        f"{Post.objects.get(pk=key).body}," for key in Post.objects.values_list("pk", flat=True)
    )


def late(request):
    consider(request)
    return SimpleTemplateResponse(LATE, {"posts": Post.objects.order_by("id")})


def writes(_request):
    with past_the_filter():
        Post.objects.filter(pk=1).update(body="written")
    return HttpResponse("done")


urlpatterns = [path(f"{view.__name__}/", view) for view in (considered, forgotten, streamed, late, writes)]
