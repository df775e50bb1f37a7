"""The core's facts written out as rooms would store them: the opposite of `governance.effective.documents`."""

from governance.decision.facts import Author, Community, Hcp
from governance.decision.vocabulary import UNKNOWN
from governance.effective.documents import line_of


def patient_values(author: Author) -> dict:
    return {
        "record": author.record,
        "adult_from": None if author.adult_from is UNKNOWN else author.adult_from,
        "covered": author.covered,
        "lines": [line_of(line) for line in author.provisions.lines],
        "care_team": [{"who": who.kind, "name": who.name, "during": during} for who, during in author.care_team],
        "hold": author.hold,
        "layers": [
            {"platform": platform, "refusals": [line_of(line) for line in refusals]}
            for platform, refusals in author.layers
        ],
        "blocks": [(account, during.start, during.end) for account, during in author.blocks],
        "emergency_yes_since": author.emergency_yes_since,
        "peers_welcome": author.peers_welcome,
        "erased": author.erased
        and {
            "final_at": author.erased.final_at,
            "hold": author.erased.hold,
            "refusals": [line_of(line) for line in author.erased.refusals],
        },
    }


def hcp_values(hcp: Hcp) -> dict:
    return {
        "accounts": hcp.accounts,
        "status": hcp.status,
        "checked_until": hcp.checked_until,
        "attested": hcp.attested,
        "assurance": hcp.assurance,
        "claims": [{"who": x.who.kind, "name": x.who.name, "verified": x.verified} for x in hcp.claims],
        "capacities": [(x.capacity, x.platform, x.community, *x.during) for x in hcp.capacities],
        "cases": hcp.cases,
        "blocks": hcp.blocks,
        "restrictions": [(one.action, *one.during) for one in hcp.restrictions],
        "emergency_views": [(view.platform, view.thread, *view.during) for view in hcp.emergency_views],
    }


def community_values(community: Community) -> dict:
    return {"history": community.history, "moderators": community.moderators}
