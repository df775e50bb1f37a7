"""The service for any WSGI server: `granian --interface wsgi wsgi:app`, `gunicorn wsgi:app`."""

from governance.wsgi import app

__all__ = ["app"]
