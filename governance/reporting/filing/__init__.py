"""The form in which anybody reports, one question a page; nothing is filed before *Send*."""
