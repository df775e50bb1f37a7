"""Settings of the mail server: nothing in the clear, and nothing half said."""

import pytest

from governance.config.mail import MailSettingsError, Security, mail_settings


def test_settings_are_read_and_the_password_from_a_file(tmp_path):
    secret = tmp_path / "password"
    secret.touch(0o600)
    secret.write_text("secret\n")
    said = {"HOST": "mail.example.org", "FROM": "news@example.org", "USER": "us", "PASSWORD_FILE": str(secret)}
    found = mail_settings({f"GOVERNANCE_SMTP_{name}": value for name, value in said.items()})
    assert (found.port, found.security, found.password) == (587, Security.STARTTLS, "secret")
    assert "secret" not in repr(found)
    assert mail_settings({"GOVERNANCE_SMTP_SECURITY": "tls"}) is None


@pytest.mark.parametrize(
    "wrong",
    [{"SECURITY": "none"}, {"SECURITY": "plain"}, {"PORT": "x"}, {"PORT": "70000"}, {"FROM": ""},
     {"FROM": "Clinic <a@b.c>"}, {"USER": "us"}, {"PASSWORD": "x"}, {"PASSWORD_FILE": "/nowhere", "USER": "us"}],
)  # fmt: skip
def test_wrong_settings_are_refused_with_the_setting_to_change(wrong):
    said = {"HOST": "mail.example.org", "FROM": "news@example.org", **wrong}
    with pytest.raises(MailSettingsError, match="GOVERNANCE_SMTP_"):
        mail_settings({f"GOVERNANCE_SMTP_{name}": value for name, value in said.items()})
