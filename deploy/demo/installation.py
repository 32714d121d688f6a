# SPDX-License-Identifier: AGPL-3.0-or-later
"""An installation on throw-away keys: a root, analysts, a server's folder. The demo and the
end-to-end tests both start from one."""
import copy
import json
import pathlib
import secrets
import tempfile

from servers import Failed, free_ports, run

FORM = pathlib.Path(__file__).parent.parent.parent / "proto/forms/border_abuse_short.txtpb"


def whole_form(bin_dir):
    """The questionnaire as the build joined it."""
    return pathlib.Path(bin_dir).parent / "share/forms/border_abuse.txtpb"


ACCOUNT = "+15550100000"
PHONE_NUMBER_ID = "700800900100200"


class Installation:
    def __init__(self, bin_dir, tls=False, form=FORM, key_cost=(), prefix="resguardo-demo-"):
        self.bin = pathlib.Path(bin_dir).resolve()
        self.tls = tls
        self.form = pathlib.Path(form)
        self.key_cost = list(key_cost)
        self.work = pathlib.Path(tempfile.mkdtemp(prefix=prefix))
        self.server = self.work / "server"
        self.analysts = ["analyst-1", "analyst-2"]
        self.public, self.gateway, self.admin, self.graph, self.signal = free_ports(5)
        self.settings = {}

    def program(self, name, *arguments):
        return run(self.bin / name, *arguments)

    def analyst(self, *arguments):
        return self.program("resguardo-analyst", *arguments, *self.locked)

    def secret(self, name, text):
        path = self.server / "secrets" / name
        path.write_text(text + "\n")
        path.chmod(0o600)
        return path

    # Keys are made where analysts are: offline, on their own machines.
    def make_keys(self):
        self.passphrase = self.work / "passphrase"
        self.passphrase.write_text(secrets.token_urlsafe(24) + "\n")
        self.passphrase.chmod(0o600)
        self.locked = ["--passphrase-file", self.passphrase]
        self.analyst("root", "create", "--out", self.work / "root.key", *self.key_cost)
        text = (self.work / "root.key.pub").read_text()
        self.root_public = next(line for line in text.splitlines() if len(line) == 64)
        for name in self.analysts:
            self.make_analyst(name)

    def make_analyst(self, name):
        self.analyst("key", "create", "--out", self.work / name, "--label", name, *self.key_cost)
        self.program("resguardo-analyst", "key", "public", "--key", self.work / name, "--out",
                     self.work / f"{name}.public")

    def make_server(self):
        """What `resguardo-bot check` says of it."""
        made = json.loads(self.program("resguardo-bot", "init", "--dir", self.server, "--form",
                                       self.form, "--json"))
        self.make_roster(made["log_key"])
        for name in ("whatsapp.app", "whatsapp.access", "whatsapp.verify", "signal.token"):
            self.secret(name, secrets.token_urlsafe(24))
        if self.tls:
            self.make_certificate()
        self.settings = self.default_settings()
        self.config = self.write_configuration()
        return self.program("resguardo-bot", "check", "--config", self.config).strip()

    def make_roster(self, log_key):
        """One organisation, whose analysts read alone."""
        add = [a for name in self.analysts for a in ("--add", self.work / f"{name}.public")]
        self.sign_roster(self.server / "roster.signed", *add, "--organisation", "Demo", "--log-key",
                         log_key, "--log-origin", "demo.invalid/log")

    def sign_roster(self, out, *what):
        draft = self.work / f"{out.name}.draft"
        self.program("resguardo-analyst", "roster", "create", "--out", draft, *what)
        self.sign_draft(draft, out)

    def sign_draft(self, draft, out):
        self.analyst("roster", "sign", draft, "--root-key", self.work / "root.key", "--out", out)

    def make_certificate(self):
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", self.server / "secrets/tls.key", "-out", self.server / "tls.pem",
            "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")

    def default_settings(self):
        server = {"listen": f"127.0.0.1:{self.public}", "gateway_listen": f"127.0.0.1:{self.gateway}",
                  "admin_listen": f"127.0.0.1:{self.admin}",
                  # On any machine; what it lacks is said at the start.
                  "sandbox": "warn", "locked_memory": "warn"}
        if self.tls:
            server.update(tls_certificate="tls.pem", tls_key="secrets/tls.key")
        return {
            "server": server,
            "store": {"directory": "data", "master_key_file": "secrets/master.key"},
            "roster": {"path": "roster.signed", "root_public_key": self.root_public},
            "form": {"path": f"forms/{self.form.name}"},
            "whatsapp": {"api_base": f"http://127.0.0.1:{self.graph}/v23.0",
                         "phone_number_id": PHONE_NUMBER_ID,
                         "app_secret_file": "secrets/whatsapp.app",
                         "access_token_file": "secrets/whatsapp.access",
                         "verify_token_file": "secrets/whatsapp.verify",
                         # People here write faster than people.
                         "messages_per_second": 0, "person_interval": 0},
            "signal": {"api_base": f"http://127.0.0.1:{self.signal}", "account": ACCOUNT,
                       "messages_per_second": 0,
                       "webhook_token_file": "secrets/signal.token"},
            "dialogue": {"organisation": "Demo", "signal_link": "https://signal.me/#eu/demo"},
            "limits": {"conversations": 1000, "per_sender_per_minute": 0},
        }

    def write_configuration(self, name="resguardo.toml", **tables):
        """The settings with `tables` changed; a value of None takes a key away."""
        settings = copy.deepcopy(self.settings)
        for table, changes in tables.items():
            settings.setdefault(table, {}).update(changes)
        path = self.server / name
        path.write_text("".join(
            f"[{table}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items()
                                     if value is not None)
            for table, keys in settings.items()))
        return path

    def export_bundle(self, name="sealed.bundle"):
        self.bundle = self.work / name
        return self.program("resguardo-bot", "export", "--config", self.config, "--out",
                            self.bundle).strip()

    def import_bundle(self, analyst, vault):
        return self.analyst("import", self.bundle, "--vault", vault, "--key", self.work / analyst,
                            "--root", self.work / "root.key.pub", *self.key_cost).strip()

    def reports_of(self, vault, out):
        self.analyst("export", "--format", "ndjson", "--despite-consent", "--out", out, "--vault", vault)
        return [json.loads(line) for line in out.read_text().splitlines()]


def strings(value):
    """Every string anywhere in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


__all__ = ["ACCOUNT", "FORM", "Failed", "Installation", "PHONE_NUMBER_ID", "strings", "whole_form"]
