"""A real mail server on this machine, with a certificate made for this run, that answers as a test wants."""

import socket
import ssl
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HERE = "127.0.0.1"
NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail")])


class Inbox:
    """What arrived, and what the server says at each step instead of yes."""

    def __init__(self):
        self.letters = []
        self.answers = {}
        self.hello = None

    async def handle_EHLO(self, _server, session, _envelope, hostname, responses):  # noqa: N802 - aiosmtpd's name
        self.hello = session.host_name = hostname
        return responses

    async def handle_MAIL(self, _server, _session, envelope, address, _options):  # noqa: N802 - aiosmtpd's name
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 - aiosmtpd's name
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        if "DATA" in self.answers:
            return self.answers["DATA"]
        under_tls = server.transport.get_extra_info("ssl_object") is not None
        self.letters.append((envelope.content, under_tls, session.auth_data))
        return "250 OK"

    async def handle_QUIT(self, _server, _session, _envelope):  # noqa: N802 - aiosmtpd's name
        return self.answers.get("QUIT", "221 Bye")


def _free_port():
    # The controller connects to the port it was told, so it cannot be told to choose.
    with socket.create_server((HERE, 0)) as free:
        return free.getsockname()[1]


def _knows(_server, _session, _envelope, _mechanism, data):
    good = (data.login, data.password) == (b"us", b"secret")
    return AuthResult(success=good, handled=False, auth_data=data.login)


@contextmanager
def mail_server(inbox, folder, security="starttls", host=HERE):
    """Run a server; its certificate is for `host`. Give its port and the file of its authority."""
    context, authority = _certified(folder, host)
    said = {"hostname": HERE, "port": _free_port(), "ready_timeout": 20}
    if security == "tls":
        server = Controller(inbox, ssl_context=context, **said)
    elif security == "starttls":
        server = Controller(
            inbox, tls_context=context, require_starttls=True, authenticator=_knows, auth_require_tls=True, **said
        )
    else:
        server = Controller(inbox, **said)
    server.start()
    try:
        yield said["port"], authority
    finally:
        server.stop()


def _certified(folder, host):
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(NAME)
        .issuer_name(NAME)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(exist_ok=True)
    authority, secret = folder / "authority.pem", folder / "key.pem"
    authority.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption_algorithm=plain)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority, secret)
    return context, authority
