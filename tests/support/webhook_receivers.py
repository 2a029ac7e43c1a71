"""Receivers of webhooks for the tests: real sockets, certificates of a small authority."""

import asyncio
import contextlib
import socketserver
import ssl
import sys
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

OK = b"HTTP/1.1 204 No Content\r\n\r\n"


@dataclass
class Receiver:
    """What came in: every request as its head and body."""

    port: int = 0
    heads: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)


class _Answering(socketserver.StreamRequestHandler):
    """One request of one connection; `server` is the receiver's."""

    server: "_Receiving"

    def setup(self) -> None:
        context = self.server.context
        self.wrapped = context is not None
        if context is not None:
            self.request = context.wrap_socket(self.request, server_side=True)
        super().setup()

    def handle(self) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self.rfile.readline()
            if not line:
                return
            head += line
        seen = self.server.seen
        seen.heads.append(head.decode())
        length = next(
            int(line.split(":")[1])
            for line in head.decode().lower().splitlines()
            if line.startswith("content-length")
        )
        seen.bodies.append(self.rfile.read(length))
        if self.server.answer is None:
            self.server.closing.wait()
        else:
            self.wfile.write(self.server.answer)

    def finish(self) -> None:
        super().finish()
        if self.wrapped:
            self.request.close()


class _Receiving(socketserver.ThreadingTCPServer):
    """A thread for each connection, all ended and every socket closed when the server is."""

    allow_reuse_address = True

    def __init__(
        self, address: tuple[str, int], answer: bytes | None, context: ssl.SSLContext | None
    ) -> None:
        self.seen = Receiver()
        self.closing = threading.Event()
        self.answer = answer
        self.context = context
        super().__init__(address, _Answering)
        self.seen.port = self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves, or trusts another certificate, is what some tests are about."""
        if not isinstance(sys.exception(), OSError):
            raise


@contextlib.asynccontextmanager
async def receiving(
    answer: bytes | None = OK,
    host: str = "127.0.0.1",
    port: int = 0,
    context: ssl.SSLContext | None = None,
) -> AsyncIterator[Receiver]:
    """A receiver that gives `answer` to everybody; None never answers.

    It lives in threads of its own: one on the loop of the client would end with that loop, in the
    middle of whatever its connections were doing.
    """
    server = _Receiving((host, port), answer, context)
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    try:
        yield server.seen
    finally:
        server.closing.set()
        server.shutdown()
        serving.join()
        await asyncio.to_thread(server.server_close)


def certified(name: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Contexts for a server of that name and for a client that trusts its certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / f"{name}.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return server, ssl.create_default_context(cafile=str(pem))
