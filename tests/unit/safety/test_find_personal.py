"""What is found of each kind, and what looks like it and is none of it."""

import pytest

from chat.safety.personal.detect import find_personal
from chat.safety.personal.finding import Kind


def found_in(text: str) -> list[tuple[str, str]]:
    return [(str(one.kind), text[one.start : one.end]) for one in find_personal(text)]


FOUND = {
    Kind.EMAIL: [
        ("Write to <o'neil.d+list@mail.example.org>, please.", "o'neil.d+list@mail.example.org"),
        ("mailto:jörg@müller.example?subject=x", "jörg@müller.example"),
        ("user=kit@salt.example ip=x", "kit@salt.example"),
        ("anna [at] example [dot] org", "anna [at] example [dot] org"),
        ("reach me: anna.b at example dot com", "anna.b at example dot com"),
        ("x@[192.0.2.1] bounced", "x@[192.0.2.1]"),
    ],
    Kind.PHONE: [
        ("call +49 (0) 176 04069736 now", "+49 (0) 176 04069736"),
        ("from +491713920092 to", "+491713920092"),
        ("Tel.: 0049 171 3920046", "0049 171 3920046"),
        ("my number is (202) 555-0127", "(202) 555-0127"),
        ("Ring 555-0199 before noon", "555-0199"),
        ("a,020 7946 0738,b", "020 7946 0738"),
        ("mobiel 0612345678", "0612345678"),
        ("06 12 34 58 30", "06 12 34 58 30"),
        ("09012345678 (携帯)", "09012345678"),
        ("手机 13800138000", "13800138000"),
        ("Tel. 030 1234567 ext. 12", "030 1234567 ext. 12"),
        ("guest,phone\nOlu,32 12 79 61\n", "32 12 79 61"),
        ("Anna / 612 340 790 / Madrid", "612 340 790"),
        ("携帯番号は090-8765-4321です", "090-8765-4321"),
        ('{"mobilePhone": "0701740605"}', "0701740605"),
        ("Mein Diensthandy: 0151 23456789", "0151 23456789"),
        ("Gardien : M. Diallo, 0033 6 39 98 77 65.", "0033 6 39 98 77 65"),
        ("cell 202\u2011555\u20110117", "202\u2011555\u20110117"),
        ("Bitte rufen Sie an: (0 89) 1 23 45-67", "(0 89) 1 23 45-67"),
        ("our number is 1-800-FLOWERS", "1-800-FLOWERS"),
        ("call Bea about the order: 020 7946 0123", "020 7946 0123"),
        ("https://wa.me/447700900124", "447700900124"),
        ("Tel./Fax: 91.123.45.67", "91.123.45.67"),
        ("Puh. 123 456", "123 456"),
    ],
    Kind.CARD: [
        ("paid with 3499 527090 38584 today", "3499 527090 38584"),
        ("pan=4111111111111111 amount", "4111111111111111"),
        ("row,card\n1,4111111111111111,08/27", "4111111111111111"),
        ("5353-9899-8377-5962", "5353-9899-8377-5962"),
        ("Maestro card 6304974792047355", "6304974792047355"),
        ("message of the caller: 4111 1111 1111 1111", "4111 1111 1111 1111"),
        ("amount 12.50, passport shown, type 3499 527090 38584", "3499 527090 38584"),
    ],
    Kind.IBAN: [
        ("IBAN: de89 3704 0044 0532 0130 00.", "de89 3704 0044 0532 0130 00"),
        ("(GB82WEST12345698765432)", "GB82WEST12345698765432"),
        ("NL91 ABNA 0417 1643 00 is mine", "NL91 ABNA 0417 1643 00"),
    ],
    Kind.NATIONAL_ID: [
        ("SSN 599-75-9546", "599-75-9546"),
        ("ssn: 599759546", "599759546"),
        ("My NHS number is 943 476 5870", "943 476 5870"),
        ("NI number: AB 90 21 13 B", "AB 90 21 13 B"),
        ("SIN 671 032 472", "671 032 472"),
        ("TFN 123 456 782", "123 456 782"),
        ("PPS 1234567FA", "1234567FA"),
        ("Steuer-ID 36 574 261 809", "36 574 261 809"),
        ("SVNR 1237 010180", "1237 010180"),
        ("AHV 756.9217.0769.85", "756.9217.0769.85"),
        ("NIR 2 95 10 99 126 111 93", "2 95 10 99 126 111 93"),
        ("85.07.30-033.28", "85.07.30-033.28"),
        ("BSN 111222333", "111222333"),
        ("DNI 54362315K", "54362315K"),
        ("x2482300w", "x2482300w"),
        ("Contribuinte 501964843", "501964843"),
        ("RCC MNL 83S18 D969H", "RCC MNL 83S18 D969H"),
        ("PESEL 44051401359", "44051401359"),
        ("rodné číslo 710319/2745", "710319/2745"),
        ("CNP 1630615123457", "1630615123457"),
        ("ЕГН 7523169263", "7523169263"),
        ("AMKA 01013099997", "01013099997"),
        ("OIB 33392005961", "33392005961"),
        ("EMŠO 0101006500006", "0101006500006"),
        ("ИНН 500100732259", "500100732259"),
        ("СНИЛС 112-233-445 95", "112-233-445 95"),
        ("T.C. Kimlik No: 17291716060", "17291716060"),
        ("personnummer 880320-0016", "880320-0016"),
        ("fødselsnummer 15108695088", "15108695088"),
        ("CPR-nummer 211062-5629", "211062-5629"),
        ("henkilötunnus 131052-308T", "131052-308T"),
        ("kennitala 120174-3399", "120174-3399"),
        ("isikukood 36805280109", "36805280109"),
        ("CPF 390.533.447-05", "390.533.447-05"),
        ("CUIT 20-05536168-2", "20-05536168-2"),
        ("RUT 12.531.909-2", "12.531.909-2"),
        ("CURP BOXW310820HNERXN09", "BOXW310820HNERXN09"),
        ("Aadhaar 2341 2341 2346", "2341 2341 2346"),
        ("PAN card ACUPA7085R", "ACUPA7085R"),
        ("CNIC 34201-0891231-8", "34201-0891231-8"),
        ("NIK 3171011708450001", "3171011708450001"),
        ("NRIC S1234567D", "S1234567D"),
        ("1-2345-45678-78-1", "1-2345-45678-78-1"),
        ("971013-9019902", "971013-9019902"),
        ("マイナンバー 621498320257", "621498320257"),
        ("身份证号 11010519491231002X", "11010519491231002X"),
        ("HKID A123456(3)", "A123456(3)"),
        ("A123456789 (身分證)", "A123456789"),
        ("ID number 7503305044089", "7503305044089"),
        ('{"socialSecurityNumber": "081366695"}', "081366695"),
        ("D.N.I./N.I.E.: 80835601P", "80835601P"),
        ("我的身份证号码是11010519491231002X，请", "11010519491231002X"),
        ("Samordningsnummer 690772-3073", "690772-3073"),
        ("Passport No.: 532772470", "532772470"),
        ("Mein Perso hat die Nummer F4LPVMJZK", "F4LPVMJZK"),
        ("Liste\nbsn;ref\n111222333;123456782", "111222333"),
        ("Spanish NIE for the visa: Y0121778F", "Y0121778F"),
    ],
    Kind.IP: [
        ("ping 192.0.2.7.", "192.0.2.7"),
        ("http://[2001:db8:cafe::17]:8080/", "2001:db8:cafe::17"),
        ("inet6 fe80::1%eth0/64", "fe80::1%eth0"),
        ("::ffff:198.51.100.51", "::ffff:198.51.100.51"),
        ("ssh root@10.2.3.4", "10.2.3.4"),
        ("gateway, contact desk: 10.2.3.4", "10.2.3.4"),
    ],
    Kind.SECRET: [
        ("password: hunter2!x", "hunter2!x"),
        ("password: $unflower22", "$unflower22"),
        ("Marble_0ctopus is my password, is it good?", "Marble_0ctopus"),
        ("Routerpasswort: Kiesel!Bach9", "Kiesel!Bach9"),
        ("app password: abcd efgh ijkl mnop", "abcd efgh ijkl mnop"),
        ("Das Passwort für den Router lautet Ziegel#Dach42.", "Ziegel#Dach42"),
        ('"client_secret": "aB3dE5fG7h"', "aB3dE5fG7h"),
        ("DB_PASSWORD=h0nest_Badger", "h0nest_Badger"),
        ("mysql -u root -p'Ferry_Tale#4' shop", "Ferry_Tale#4"),
        ("curl -u bob:s3cretWord https://x.example", "s3cretWord"),
        ("postgresql://app:mV7qkd-Tr0wel@db.example:5432/x", "mV7qkd-Tr0wel"),
        ("key AKIAIOSFODNN7EXAMPLQ here", "AKIAIOSFODNN7EXAMPLQ"),
        ("Authorization: Basic dXNlcjpwYXNzd29yZA==", "dXNlcjpwYXNzd29yZA=="),
        ("密码：Xq7!mmn2", "Xq7!mmn2"),
        ("it is Zx81kQpL0vBn2MmT5rYw8SdF3gHj6KlA9 now", "Zx81kQpL0vBn2MmT5rYw8SdF3gHj6KlA9"),
        (
            "-----BEGIN EC PRIVATE KEY-----\nMHcCAQ\n-----END EC PRIVATE KEY-----",
            "-----BEGIN EC PRIVATE KEY-----\nMHcCAQ\n-----END EC PRIVATE KEY-----",
        ),
    ],
}
NONE = """\
logo@2x.png, npm i @scope/pkg@1.2.3, git@github.com:a/b.git
order 4111 1111 1111 1112 and 4111-1111-1111-1112
invoice 4532 7789 1120 4471 is unpaid
your order number 599759546
version 1.2.3.4, v10.0.0.1, see section 4.2.1.3
10.0.0.0/8 and 127.0.0.1 and 255.255.255.0
std::vector and a::b at 12:30:45, MAC 00:1a:2b:3c:4d:5e
GB82WEST12345698765433 has wrong check digits
from 2024-01-15 12:30 to 15.01.2024, open 0800-1800
the sum of 1 234 567 890 and 987 654 321
ISBN 978-0-306-40615-7, EAN 5901234123457
password: ********  api_key: <your key>  token=${TOKEN}
The password must not be empty; a password manager helps.
if (user.password === req.body.password) return token;
sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
3f2c9b1e-7d44-4e0a-9c1b-2a6f0d5e8b77
DNI 54362315A has a wrong letter
BSN 111222334 has a wrong digit
Compute 555-0123 step by step
called 1234567 times, reached 1 200 000 people
Angebot Nr. 030-2025-118, Kunden-Nr. 0207 946 0958
call 01 02 03 from 2025-0171-33, row 120 340 560 | 780 910 112
the SSN field must have nine digits, as 000-00-0000
insurance sum 123 456 782, citizen science
kit 030-123-4567-A, part 12345678Z, decimals 0.3345 1.2987 7.1102
CEP 01310-100, port 5060-5061, and 1878-1912"""


@pytest.mark.parametrize(
    ("kind", "text", "item"),
    [(kind, text, item) for kind, samples in FOUND.items() for text, item in samples],
)
def test_it_is_found_whole_and_as_what_it_is(kind: Kind, text: str, item: str) -> None:
    assert found_in(text) == [(kind, item)]


@pytest.mark.parametrize("text", NONE.splitlines())
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert found_in(text) == []


def test_numbers_of_a_list_follow_the_one_that_is_named() -> None:
    text = "Ehemann: 599759546, Sohn: 111222333, Tochter 123456782 (burgerservicenummers)"
    assert [item for _, item in found_in(text)] == ["111222333", "123456782"]
    assert found_in(text.replace("Sohn", "Auftrag"))[-1] == ("national_id", "123456782")


def test_findings_are_in_order_and_do_not_overlap() -> None:
    text = "\n".join(text for samples in FOUND.values() for text, _ in samples)
    found = find_personal(text)
    assert len(found) > 60
    ends = [0, *(one.end for one in found)]
    assert all(end <= one.start < one.end for end, one in zip(ends, found, strict=False))


def test_a_finding_holds_nothing_of_the_text() -> None:
    assert [type(value) for value in find_personal("x anna@example.org")[0]] == [Kind, int, int]
