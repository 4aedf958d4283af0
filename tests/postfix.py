"""Runs a private Postfix and Dovecot on loopback, as independent judges of what we send.

Both live in one folder of their own (config, queue, mail, logs) and on ports that were
free; neither looks at the system's own configuration, and no mail goes beyond them.
Postfix asks Dovecot who may log in, delivers into Maildirs, and Dovecot shows these by IMAP.
"""

import contextlib
import imaplib
import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from tests.certificates import Authority

PACKAGES = "postfix, dovecot-core, dovecot-imapd"
MASTER = Path("/usr/lib/postfix/sbin/master")
POSTLOG = Path("/usr/sbin/postlog")
DOVECOT = Path("/usr/sbin/dovecot")
IMAP = Path("/usr/lib/dovecot/imap")
DOMAINS = ("applicant.example", *(f"elm{n}.example" for n in range(1, 13)))
APPLICANT = "robin@applicant.example"
MAILBOXES = (APPLICANT, *(f"{who}{n}@elm{n}.example" for n in range(1, 13) for who in ("pd", "pc")))
MOVED = "moved@elm1.example"  # taken in, and then returned: its mail goes on to nobody
PASSWORD = "correct-horse-9137"
SMALL = 400  # bytes that the strict port takes
QUEUES = ("incoming", "active", "deferred", "hold", "maildrop")
FOLDERS = (*QUEUES, "bounce", "corrupt", "defer", "flush", "private", "public", "saved", "trace")
TRACE = re.compile(
    rb"(?:(?:Return-Path|X-Original-To|Delivered-To|Received): .*\r\n(?:[ \t].*\r\n)*)*"
)
WITHIN = 20  # seconds for anything that should happen

MAIN_CF = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file = {home}/postfix.log
maillog_file_prefixes = {home}
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.example
mydestination =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
disable_dns_lookups = yes
smtpd_peername_lookup = no
alias_maps =
local_recipient_maps =
default_transport = error:5.1.2 nobody by that name lives here any more
relay_transport = error
virtual_mailbox_domains = {domains}
virtual_mailbox_maps = texthash:{home}/mailboxes
virtual_alias_maps = texthash:{home}/aliases
virtual_mailbox_base = {home}/mail
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = {home}/server.pem
smtpd_tls_loglevel = 1
smtpd_tls_received_header = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_tls_auth_only = yes
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = check_recipient_access texthash:{home}/access
smtpd_error_sleep_time = 0
"""
# An smtpd serves one connection, so that what changed in a table holds for the next.
MASTER_CF = """
{port} inet n - n - - smtpd -o max_use=1
{strict_port} inet n - n - - smtpd -o max_use=1 -o message_size_limit={small}
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""
DOVECOT_CONF = """
base_dir = {home}/dovecot
log_path = {home}/dovecot.log
auth_verbose = yes
auth_failure_delay = 0
auth_mechanisms = plain login
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:~
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {home}/passwords
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u
}}
service auth {{
  unix_listener {home}/queue/private/auth {{
    mode = 0600
    user = postfix
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  service_count = 0
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


def missing():
    """Why the servers cannot be started here; empty if they can."""
    if not all(program.exists() for program in (MASTER, POSTLOG, DOVECOT, IMAP)):
        return f"Postfix and Dovecot are not installed (Debian: {PACKAGES})"
    if os.geteuid() != 0:
        return "Postfix and Dovecot must be started as root"
    version = subprocess.run([DOVECOT, "--version"], capture_output=True, text=True, check=True)
    if not version.stdout.startswith("2.3."):
        return f"the configuration here is for Dovecot 2.3, not for {version.stdout.strip()}"
    return ""


def free_ports(count):
    """So many ports that nobody listens on, below those that outgoing connections are given."""
    ports = set()
    while len(ports) < count:
        port = 20000 + secrets.randbelow(12000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            ports.add(port)
    return ports


def wait_for(look, what, why=str):
    """Until `look` gives something true; where it never does, `why` may say more."""
    end = time.monotonic() + WITHIN
    while not look():
        assert time.monotonic() < end, f"it never came true: {what}\n{why()}"
        time.sleep(0.01)


def lines(table):
    """A table as Postfix reads it."""
    return "".join(f"{key} {value}\n" for key, value in table.items())


def greets(port):
    """Whether a server answers there."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5) as line:
        return bool(line.recv(512))
    return False


class Arrived(NamedTuple):
    """A message as Dovecot shows it: the headers that were put on top, and all below them."""

    trace: str
    message: bytes


def split_trace(shown):
    """Cut where the trace headers end; the message below has none of these names on top."""
    end = TRACE.match(shown).end()
    return Arrived(shown[:end].decode("ascii"), shown[end:])


class MailHost:
    """A context manager: Postfix at `port`, and at `strict_port` for letters that are SMALL.

    Its folder is not one of pytest's: both servers enter it under users of their own, and
    the path of a socket must be short.
    """

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mail-")))
            self._write()
            # Not `postfix start`, which looks for the system's other instances first.
            self._start(stack, MASTER, "-s", "-c", self.home / "etc")
            self._start(stack, DOVECOT, "-F", "-c", self.home / "dovecot.conf")
            for port in (self.port, self.strict_port, self.imap_port):
                wait_for(lambda port=port: greets(port), f"a server at {port}", self._complaints)
            self._running = stack.pop_all()
        self._begins = 0
        return self

    def __exit__(self, *_):
        self._running.close()

    def begin(self):
        """As on the first day: empty mailboxes, everyone known is let in, nothing in the log."""
        self.settle()
        for mailbox in (self.home / "mail").iterdir():
            shutil.rmtree(mailbox)
        self.answers({})
        self._begins = self._log_file.stat().st_size

    def answers(self, table):
        """What is said at RCPT about an address, instead of OK."""
        self._file("access", lines(table))

    def settle(self):
        """Wait until all that was taken is delivered or returned, and every session is over."""
        token = secrets.token_hex(8)
        # The log is written in the order of the lines, so with this one it has all before it.
        subprocess.run(
            [POSTLOG, "-c", self.home / "etc", "-t", "tests", token],
            check=True,
            capture_output=True,
        )
        wait_for(lambda: token in self._log_file.read_text(), "the log is written")
        wait_for(self._no_session, "every session is over")
        wait_for(lambda: self.queued() == [], "the queue is empty")

    def log(self):
        """What Postfix has logged since `begin`, once it has settled."""
        self.settle()
        return self._log_file.read_bytes()[self._begins :].decode()

    def queued(self):
        """The messages that Postfix still has."""
        # Twice, because a bounce enters while what it returns leaves.
        folders = [self.home / "queue" / name for name in QUEUES * 2]
        return [path.name for folder in folders for path in folder.iterdir()]

    def shown(self, address):
        """The messages in a mailbox, byte for byte as Dovecot gives them by IMAP."""
        self.settle()
        with imaplib.IMAP4("127.0.0.1", self.imap_port, timeout=WITHIN) as imap:
            imap.login(address, PASSWORD)
            _, (count,) = imap.select(readonly=True)
            if int(count) == 0:
                return []
            _, parts = imap.fetch("1:*", "(BODY.PEEK[])")
            return [part[1] for part in parts if isinstance(part, tuple)]

    def stored(self, address):
        """The messages in a mailbox, byte for byte as Postfix put them on the disk."""
        self.settle()
        folder = self.home / "mail" / address
        return [
            path.read_bytes() for place in ("new", "cur") for path in (folder / place).glob("*")
        ]

    def arrived(self, address):
        """The messages in a mailbox, each cut below its trace headers."""
        return [split_trace(message) for message in self.shown(address)]

    def mailboxes_with_mail(self):
        """The addresses for which anything has arrived."""
        self.settle()
        return sorted(m.name for m in (self.home / "mail").iterdir() if self.stored(m.name))

    @property
    def _log_file(self):
        return self.home / "postfix.log"

    def _complaints(self):
        files = (self.home / name for name in ("output", "postfix.log", "dovecot.log"))
        return "".join(path.read_text() for path in files if path.exists())

    def _no_session(self):
        log = self._log_file.read_text()
        return log.count(": connect from") == log.count(": disconnect from")

    def _file(self, name, text):
        path = self.home / name
        path.write_text(text)
        # Postfix waits with a file that has just changed until it is a second old.
        os.utime(path, (time.time() - 60,) * 2)

    def _folder(self, name, owner, mode):
        (self.home / name).mkdir(mode)
        os.chown(self.home / name, owner, -1)

    def _write(self):
        nobody, postfix = pwd.getpwnam("nobody"), pwd.getpwnam("postfix").pw_uid
        self.port, self.strict_port, self.imap_port = free_ports(3)
        self.certificate = Authority(self.home).certificate(days=30)
        facts = {
            "home": self.home,
            "domains": " ".join(DOMAINS),
            "small": SMALL,
            "uid": nobody.pw_uid,
            "gid": nobody.pw_gid,
            "port": self.port,
            "strict_port": self.strict_port,
            "imap_port": self.imap_port,
        }
        self.home.chmod(0o711)
        for name in ("etc", "queue", "queue/pid"):
            self._folder(name, 0, 0o755)
        for name in ("data", *(f"queue/{folder}" for folder in FOLDERS)):
            self._folder(name, postfix, 0o700)
        self._folder("mail", nobody.pw_uid, 0o700)
        self._file("etc/main.cf", MAIN_CF.format_map(facts))
        self._file("etc/master.cf", MASTER_CF.format_map(facts))
        self._file("dovecot.conf", DOVECOT_CONF.format_map(facts))
        self._file("server.pem", self.certificate.pem.decode())
        self._file("passwords", "".join(f"{address}:{PASSWORD}\n" for address in MAILBOXES))
        self._file("mailboxes", lines({address: f"{address}/" for address in MAILBOXES}))
        self._file("aliases", lines({MOVED: "former@elsewhere.example"}))
        self.answers({})

    def _start(self, stack, *command):
        output = stack.enter_context((self.home / "output").open("ab"))
        # Postfix ends its whole process group, so it must have one of its own.
        process = subprocess.Popen(
            command, cwd=self.home, stdout=output, stderr=output, start_new_session=True
        )
        stack.callback(process.wait, WITHIN)
        stack.callback(process.terminate)
