"""Certificates that only a test trusts: of an own key, for one name or address."""

import subprocess
from pathlib import Path


def make_certificate(folder: Path, subject: str, alternatives: str) -> Path:
    """The certificate `fullchain.pem`, with its key in `privkey.pem` beside it.

    `alternatives` are as `DNS:tides.example,IP:127.0.0.1`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
               "-nodes", "-days", "2", "-subj", f"/CN={subject}", "-addext",
               f"subjectAltName={alternatives}", "-keyout", folder / "privkey.pem",
               "-out", folder / "fullchain.pem"]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    return folder / "fullchain.pem"
