"""How somebody may be reached without danger, and the notices that go there and to their page."""
