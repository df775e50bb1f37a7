"""Every command: its name, its one line, where it is, and whether it runs inside the app."""

from typing import Final

from governance.cli.later import Later

ALONE: Final = (
    Later(
        "backup",
        "Copy the database to TARGET, a new file or a folder, while the service runs, and prove the copy.",
        "governance.cli.backup:backup",
    ),
    Later("config", "The settings.", "governance.cli.config:config"),
    Later(
        "demo",
        "Start the service and a small forum that obeys it, on this machine alone.",
        "governance.demo.commands:demo",
    ),
    Later("init", "Make DIRECTORY with settings, fresh keys and an empty database.", "governance.cli.init:init"),
    Later("keys", "The service's keys.", "governance.cli.keys:keys"),
    Later(
        "ledger",
        "The append-only ledger and what is kept of it outside the database.",
        "governance.cli.ledger:ledger",
    ),
    Later("policy", "Check, pin, read and publish the policy records.", "governance.cli.policy:policy"),
    Later(
        "probe",
        "Walk a forum as a professional, a peer and signed out, and find what leaks after a patient said no.",
        "governance.cli.probe:probe",
    ),
    Later("restore", "Put the backup FILE back; the service must stand still.", "governance.cli.backup:restore"),
    Later("serve", "Run the service.", "governance.cli.serve:serve"),
    Later("sidecar", "Decide on this machine, for a forum in any language.", "governance.cli.sidecar:sidecar"),
)
IN_THE_APP: Final = (
    Later(
        "conduct",
        "Registers, organisations, and looks that grow old.",
        "governance.cli.conduct:conduct",
    ),
    Later("db", "The database.", "governance.cli.db:db"),
    Later(
        "guardian",
        "Guardians of young people, ages, and who cannot decide any more.",
        "governance.cli.guardian:guardian",
    ),
    Later(
        "intake",
        "Close at once what a patient asks for by phone or on paper.",
        "governance.patients.intake.commands:take",
    ),
    Later(
        "layer",
        "Refusals by somebody else than the patient, such as a guardian on the phone.",
        "governance.patients.commands:layer",
    ),
    Later("measure", "What officers do at once: blocks and emergency views.", "governance.patients.commands:measure"),
    Later("platform", "The forums we serve.", "governance.cli.platform:platform"),
    Later(
        "recover",
        "Give a patient's record a new account, because the old one is lost; two members of staff must look.",
        "governance.patients.intake.commands:recover",
    ),
    Later("staff", "What members of staff enter.", "governance.cli.staff:staff"),
    Later(
        "unjoin",
        "Part two people whose records were joined by mistake; each gets back their own, closed until they looked.",
        "governance.patients.intake.commands:unjoin",
    ),
    Later("webhook", "Hints to forums that there is something new.", "governance.feed.webhooks.commands:webhook"),
    Later(
        "worker",
        "Send mail and do other work in the background.",
        "governance.ledger.outbox.commands:worker",
    ),
)
