"""What `handrail up` says when everything runs."""

from collections.abc import Mapping

from handrail.embedded.directory import DataDirectory
from handrail.embedded.ports import LOOPBACK, Ports
from handrail.embedded.supervise import Say


def welcome(directory: DataDirectory, ports: Ports, passwords: Mapping[str, str], say: Say) -> None:
    """Tell where everything is, and how to sign in.

    Args:
        directory: Where everything is kept.
        ports: Where everything answers.
        passwords: One-time passwords by sign-in, of accounts that never had one: nobody can show them again.
        say: Prints a line.
    """
    elsewhere = "" if str(directory.root) == "data" else f" --data {directory.root}"
    say("")
    say("Handrail is running. Ctrl-C stops it; everything is kept.")
    say(f"  Open                http://{LOOPBACK}:{ports.first}/")
    say(f"  Cases in Temporal   http://{LOOPBACK}:{ports.temporal_ui}   (payloads are encrypted)")
    say(f"  Mail that was sent  {directory.mail}")
    say(f"  Logs                {directory.logs}")
    if passwords:
        say("Sign in as one of these; you then choose a password of your own. These are not shown again:")
        width = max(map(len, passwords))
        for sign_in, password in passwords.items():
            say(f"  {sign_in.ljust(width)}   {password}")
    say("In another terminal:")
    hints = {
        "case": "whom we look after, and what is due",
        "case CASE": "where one person is, and what can be done now",
        "act CASE ACTION --as ROLE": "do it",
        "password SIGN-IN": "a new one-time password for an account",
    }
    width = max(map(len, hints)) + len(elsewhere)
    for hint, what in hints.items():
        say(f"  handrail {(hint + elsewhere).ljust(width)}   {what}")
