"""Why nothing is sent to an address, or nothing can be done to a webhook."""

from governance.errors import GovernanceError


class BadWebhookAddressError(GovernanceError):
    """Nothing may be sent to this address."""

    code = "bad_webhook_address"


class WebhookNotFoundError(GovernanceError):
    """The forum has no such webhook, or the webhook no such event."""

    code = "webhook_not_found"


class TooManyWebhooksError(GovernanceError):
    """The forum has as many as it may have."""

    code = "too_many_webhooks"
