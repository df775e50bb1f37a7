"""Which addresses hints may go to: the open net, by https, and nothing in disguise."""

import pytest

from governance.feed.webhooks.addresses import Target, is_public, target_of
from governance.feed.webhooks.errors import BadWebhookAddressError

SECURE = True
PRIVATE = (
    *("127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254"),
    *("100.64.0.1", "0.0.0.0", "0.1.2.3", "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.7"),  # noqa: S104 - nobody binds to it
    *("203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1"),
    *("::ffff:8.8.8.8", "::8.8.8.8", "::ffff:0:8.8.8.8", "64:ff9b::8.8.8.8", "64:ff9b:1::1", "2002:7f00:1::", "100::1"),
    *("2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "3fff::1", "5f00::1", "2001:10::1"),
    *("localhost", "", "a", "8.8.8", "0x8.8.8.8", "1" * 400),
)
PUBLIC = ("8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.0.1", "2606:4700:4700::1111", "2a00:1450:4001::1")


@pytest.mark.parametrize("address", PRIVATE)
def test_no_address_of_a_machine_a_neighbourhood_or_a_disguise_is_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_open_net_are(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "http://forum.example/",
            "ftp://forum.example/",
            "//forum.example/",
            "forum.example",
            "",
            "https://",
            "https:///a",
        ),
        *(
            "https://user@forum.example/",
            "https://u:p@forum.example/",
            "https://forum.example/#a",
            "https://forum.example\\@a/",
        ),
        *(
            "https://forum.example:22/",
            "https://forum.example:80/",
            "https://forum.example:99999/",
            "https://forum.example:x/",
        ),
        *(
            "https://forum.example/a b",
            "https://forum.example/\n",
            "https://förum.example/",
            f"https://f.example/{'a' * 999}",
        ),
        *("https://localhost/", "https://localhost.localdomain:1/", "https://printer/", "https://printer.local/"),
        *("https://metadata.google.internal/", "https://2130706433/", "https://0x7f000001/", "https://127.1/"),
        *(
            "https://0177.0.0.1/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[fe80::1%25a]/",
        ),
        *(
            "https://10.0.0.1/",
            "https://169.254.169.254/latest/",
            "http://127.0.0.1/",
            "https://a.0x1/",
            "https://127.0.0.1./",
        ),
    ],
)
def test_what_nothing_may_be_sent_to_is_refused_before_it_is_looked_up(address):
    with pytest.raises(BadWebhookAddressError):
        target_of(address)


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("https://forum.example", Target(SECURE, "forum.example", 443, "/")),
        ("https://Forum.example:8443/a?b=c", Target(SECURE, "forum.example", 8443, "/a?b=c")),
        ("https://8.8.8.8/", Target(SECURE, "8.8.8.8", 443, "/")),
        ("https://[2a00:1450:4001::1]/", Target(SECURE, "2a00:1450:4001::1", 443, "/")),
    ],
)
def test_an_address_of_the_open_net_is_taken_apart(address, target):
    assert target_of(address) == target


@pytest.mark.parametrize("address", ["http://127.0.0.1:8090/", "http://localhost/", "https://[::1]:1/"])
def test_this_machine_may_be_named_only_where_the_settings_say_so(address):
    assert target_of(address, loopback=True)
    with pytest.raises(BadWebhookAddressError):
        target_of(address)


@pytest.mark.parametrize("address", ["http://10.0.0.1/", "https://192.168.1.1/", "http://forum.example/"])
def test_a_demo_reaches_this_machine_and_no_other_that_is_private(address):
    with pytest.raises(BadWebhookAddressError):
        target_of(address, loopback=True)
