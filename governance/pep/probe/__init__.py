"""The leak probe: walks a forum as a professional, as a peer and signed out, before and after a patient said no.

It plants nothing itself. `new` writes a plan with random words; a test patient posts them (as text, title, quote, name
of an attachment, edited text ...), `before` walks, the patient says no, `after` walks again. What the professional
reads then is a leak, wherever it stands: in a page, a feed, a search, a header, behind an address known from before.
It needs the standard library only; signing the report needs `cryptography`.
"""
