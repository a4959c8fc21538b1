#!/usr/bin/env python3
"""TLS and passwords to the broker, told by a configuration file: right ones work for reading and for
the gateway; wrong ones are said, with the next step, in /readyz, in the answers and in the log
lines, never with a password in them, and nothing crashes.

    secure_test.py
    secure_test.py --only wrong_password     one case; --help lists them
"""
import argparse
import json
import os
import re
import subprocess
import sys

from broker import Broker
from program import EVENT_MEDIA, Program, Wrong, add_options, check, say, wait_until, work_folder

PASSWORD, OTHER_PASSWORD, WRONG_PASSWORD = "Rieng-tu.2024", "Nguoi-la.2024", "Sai-roi.2024"
SECRETS = (PASSWORD, OTHER_PASSWORD, WRONG_PASSWORD)
# There is no ACL, so nobody may do anything but these; the broker itself has no name.
ACLS = ("authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users=User:ANONYMOUS;User:tiendo;User:CN=tiendo")


class SecureBroker(Broker):
    def __init__(self, work):
        super().__init__(work, own=True)

    def start(self):
        words = ["--data", self.data, "--port", "0", "--secure", "--user", "tiendo:" + PASSWORD,
                 "--user", "stranger:" + OTHER_PASSWORD, "--create", "tiendo.events:2", "--create", "tiendo.reference:1"]
        for setting in ACLS:
            words += ["--set", setting]
        lines = dict(line.split(None, 1) for line in self._run("start", *words).splitlines())
        self.ssl, self.sasl, self.ca = lines["ssl"], lines["sasl_ssl"], lines["ca"]


class Case:
    """A node of its own with a configuration file of its own."""

    def __init__(self, a, work, broker, name):
        self.a, self.broker, self.name = a, broker, name
        self.data = os.path.join(work, name)
        self.config = self.data + ".toml"

    def program(self, brokers, **properties):
        lines = ['brokers = "%s"' % brokers, "[kafka]", "delivery.timeout.ms = 3000"]
        lines += ['%s = "%s"' % (key.replace("_", "."), value) for key, value in properties.items()]
        with open(self.config, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        return Program(self.a.tiendo, self.data, ["--config", self.config])

    def with_password(self, user="tiendo", password=PASSWORD, mechanism="PLAIN"):
        return self.program(self.broker.sasl, security_protocol="sasl_ssl", ssl_ca_location=self.broker.ca,
                            sasl_mechanism=mechanism, sasl_username=user, sasl_password=password)


def post(program, target="/v1/events"):
    event = {"specversion": "1.0", "id": "1", "source": "urn:test", "type": "vn.tiendo.statistic.declared.v1",
             "data": {"statistic": "population", "unit": "a.b", "as_at": "2024-01-01", "value": 5}}
    status, body = program.request("POST", target, json.dumps(event), {"Content-Type": EVENT_MEDIA}, 30)
    return status, json.loads(body)


def works(program):
    with program:
        program.start()
        wait_until("/readyz says ready", 30, lambda: program.request("GET", "/readyz")[0] == 200
                   and len(program.received()) == 0 or program.received())
        status, said = post(program, "/v1/events?wait=applied")
        check(status == 202, "POST answered %d: %r" % (status, said))
        check(said["events"][0].get("verdict") in ("accepted", "duplicate"), "no verdict: %r" % said)
        program.verify()
        end_well(program)


def fails(program, *words, code="unknown_outcome"):
    """It runs, is not ready, and says these words everywhere."""
    def says(text):
        return all(word in text for word in words)

    with program:
        program.start()
        wait_until("/readyz says %r" % (words,), 30, lambda: not_ready(program) and says(not_ready(program)))
        status, said = post(program)
        check(status == 503 and said["code"] == code, "POST answered %d: %r" % (status, said))
        check(says(said["detail"]), "POST says %r, not %r" % (said["detail"], words))
        wait_until("the log lines say %r" % (words,), 10, lambda: says(program.said()))
        end_well(program)


def not_ready(program):
    status, body = program.request("GET", "/readyz")
    return body.decode() if status == 503 else ""


def end_well(program):
    code, seconds = program.terminate()
    check(code == 0 and seconds < 5, "SIGTERM: exit %d after %.1f s\n%s" % (code, seconds, program.said()))
    for secret in SECRETS:
        check(secret not in program.said(), "a password is in the log lines")


def does_not_start(program, *words):
    with program:
        program.launch()
        code = program.process.wait(timeout=30)
        check(code == 2, "it ended with %d:\n%s" % (code, program.said()))
        for word in words:
            check(word in program.said(), "%r is not in %s" % (word, program.said()))
        for secret in SECRETS:
            check(secret not in program.said(), "a password is in the log lines")


def other_ca(work):
    made = os.path.join(work, "other.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", made + ".key", "-out", made, "-days", "10", "-subj", "/CN=other"],
                   check=True, stderr=subprocess.DEVNULL)
    return made


def tls(case, work):
    works(case.program(case.broker.ssl, security_protocol="ssl", ssl_ca_location=case.broker.ca))


def client_certificate(case, work):
    own = os.path.join(os.path.dirname(case.broker.ca), "client")
    works(case.program(case.broker.ssl, security_protocol="ssl", ssl_ca_location=case.broker.ca,
                       ssl_certificate_location=own + ".crt", ssl_key_location=own + ".key"))


def password(case, work):
    works(case.with_password())


def scram(case, work):
    """With brokers of Kafka 4 only from librdkafka 2.6.1 on; before, the message says so."""
    version = tuple(map(int, re.search(r"librdkafka (\d+)\.(\d+)\.(\d+)", kcat_version()).groups()))
    program = case.with_password(mechanism="SCRAM-SHA-256")
    if version >= (2, 6, 1):
        works(program)
    else:
        fails(program, "uthentication", "cannot do SCRAM with brokers of Kafka 4", "PLAIN over TLS")


def kcat_version():
    """kcat uses the same library."""
    return subprocess.run(["kcat", "-V"], text=True, stdout=subprocess.PIPE, check=True).stdout


def wrong_password(case, work):
    fails(case.with_password(password=WRONG_PASSWORD), "uthentication", "check sasl.username, sasl.password")


def wrong_ca(case, work):
    fails(case.program(case.broker.ssl, security_protocol="ssl", ssl_ca_location=other_ca(work)),
          "certificate verify failed", "ssl.ca.location")


def no_tls(case, work):
    fails(case.program(case.broker.ssl), "security.protocol")


def not_allowed(case, work):
    """The right password of an account that may do nothing."""
    fails(case.with_password(user="stranger", password=OTHER_PASSWORD), "tiendo.events", "uthoriz",
          code="not_authorized")


def no_ca_file(case, work):
    does_not_start(case.program(case.broker.ssl, security_protocol="ssl", ssl_ca_location=work + "/nowhere.pem"),
                   "ssl.ca.location", "nowhere.pem")


def unknown_mechanism(case, work):
    does_not_start(case.with_password(mechanism="SCRAM-SHA-9"), "SCRAM-SHA-9")


CASES = (tls, client_certificate, password, scram, wrong_password, wrong_ca, no_tls, not_allowed, no_ca_file,
         unknown_mechanism)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=[case.__name__ for case in CASES])
    add_options(parser)
    a = parser.parse_args()
    with work_folder(a, "secure") as work:
        failed = False
        broker = SecureBroker(work)
        try:
            for run in CASES:
                if a.only not in (None, run.__name__):
                    continue
                try:
                    run(Case(a, work, broker, run.__name__), work)
                    say("%-20s as it should be" % run.__name__)
                except Wrong as wrong:
                    failed = True
                    say("%-20s FAILED: %s" % (run.__name__, wrong))
        finally:
            broker.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
