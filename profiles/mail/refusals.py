"""What a mail server's refusal means: a dead e-mail address, or trouble that passes.

And its words, for the admins' log.
"""

from __future__ import annotations

import re
import smtplib

# RFC 3463: 5.1.x is about the recipient's address; 5.1.7 and 5.1.8 are about the sender's, which is ours.
ENHANCED = re.compile(r"^\s*([245]\.\d{1,3}\.\d{1,3})\b")
DEAD = re.compile(r"5\.1\.(?!7$|8$)\d+")
# Servers that send no enhanced code say 550 to what they refuse for another reason than the address, in these
# words.
POLICY = re.compile(
    r"relay|polic|block|black ?list|spam|reputation|authenticat|not allowed|denied|rate|your (ip|host)", re.I
)
EMAIL = re.compile(r"<?[^\s<>@]+@[^\s<>@]+>?")
DETAIL_LIMIT = 300


def is_dead_email(error: Exception) -> bool:
    """Return whether the server said that the address itself does not exist.

    All other refusals are worth a retry.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return bool(error.recipients) and all(
            _is_dead(code, _text(said)) for code, said in error.recipients.values()
        )
    return type(error).__name__ == "AnymailRecipientsRefused"


def detail_of(error: Exception) -> str:
    """Return what the server said, such as "550 5.7.1 Relaying denied", on one line and without e-mail addresses."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        said = "; ".join(f"{code} {_text(text)}" for code, text in error.recipients.values())
    elif isinstance(error, smtplib.SMTPResponseException):
        said = f"{error.smtp_code} {_text(error.smtp_error)}"
    elif isinstance(error, OSError) and error.strerror:
        said = error.strerror
    else:
        said = str(error) or type(error).__name__
    return EMAIL.sub("…", " ".join(said.replace("\x00", " ").split()))[:DETAIL_LIMIT]


def _is_dead(code: int, said: str) -> bool:
    if found := ENHANCED.match(said):
        return code >= 500 and bool(DEAD.fullmatch(found[1]))
    return code == 550 and not POLICY.search(said)


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
