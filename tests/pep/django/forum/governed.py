"""What the forum adds for the kit."""

from governance.pep.django import GovernedForum, governed_requests
from tests.pep.django.forum.models import Post
from tests.pep.forum_models import Refusing

FORUM = GovernedForum(content=Post)
SERVICE = Refusing("ana")
middleware = governed_requests(FORUM, SERVICE, lambda request: request.GET.get("viewer"))
