"""What people call a profession; records hold a code for it, such as `nursing_associate`."""

from flask_babel import gettext


def profession(code: str) -> str:
    """Return what a profession is called, in the language of the page; of one that is new to us its own code."""
    return _called().get(code, code.replace("_", " "))


def _called() -> dict[str, str]:
    return {
        "anaesthesia_associate": gettext("anaesthesia associate"),
        "dental_hygienist": gettext("dental hygienist"),
        "dental_nurse": gettext("dental nurse"),
        "dentist": gettext("dentist"),
        "diabetes_educator": gettext("diabetes educator"),
        "dietitian": gettext("dietitian"),
        "doctor": gettext("doctor"),
        "health_care_assistant": gettext("health care assistant"),
        "health_coach": gettext("health coach"),
        "midwife": gettext("midwife"),
        "nurse": gettext("nurse"),
        "nursing_associate": gettext("nursing associate"),
        "occupational_therapist": gettext("occupational therapist"),
        "paramedic": gettext("paramedic"),
        "peer_support_worker": gettext("peer support worker"),
        "pharmacist": gettext("pharmacist"),
        "pharmacy_technician": gettext("pharmacy technician"),
        "physician_assistant": gettext("physician assistant"),
        "physician_associate": gettext("physician associate"),
        "physiotherapist": gettext("physiotherapist"),
        "podiatrist": gettext("podiatrist"),
        "psychologist": gettext("psychologist"),
        "student": gettext("student"),
    }
