"""How people sign in: their passwords, the attempts of late, and who is signed in now."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import HASH_LENGTH, ID_LENGTH, Table


class PasswordRow(Table):
    """The password of an account, as an argon2 hash."""

    __tablename__ = "passwords"

    account_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("accounts.id"), primary_key=True)
    hashed: Mapped[str]
    one_time: Mapped[bool]
    set_at: Mapped[datetime]


class SignInAttemptRow(Table):
    """Attempts of late to sign in under one name, known or not.

    The name is kept as a digest: people type passwords where the name belongs.
    """

    __tablename__ = "sign_in_attempts"

    name_digest: Mapped[str] = mapped_column(String(HASH_LENGTH), primary_key=True)
    attempts: Mapped[int]
    first_at: Mapped[datetime] = mapped_column(index=True)


class SessionRow(Table):
    """Somebody who is signed in, by the digest of a random token that only their browser has."""

    __tablename__ = "sessions"

    token_digest: Mapped[str] = mapped_column(String(HASH_LENGTH), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(ID_LENGTH), ForeignKey("accounts.id"), index=True)
    begun_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
