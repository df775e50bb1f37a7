"""Press, and look only at what the press led to once it is all there."""


def press(found):
    """Press what was found on a page, and wait for the page that follows.

    The browser's driver waits until an answer has begun, no longer: who looks then may see half a page, and say that a
    sentence is missing (or that a page has no fault).
    """
    found.click()
    found.page.wait_for_load_state()
