"""The links that let a person into their own settings. The store has only the hash of each."""

from datetime import datetime

from sqlalchemy import ForeignKey, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.store.tables.base import Table
from hub.store.tables.messages import Conversation


class SettingsLink(Table):
    """A conversation's link: what it changes is changed for the address that this conversation goes to."""

    __tablename__ = "settings_links"
    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    code_index: Mapped[bytes | None]  # blind index of the one-time code that is open now
    code_until: Mapped[datetime | None]
    wrong_codes: Mapped[int] = mapped_column(SmallInteger, default=0)  # of the code that is open now
    codes_sent: Mapped[int] = mapped_column(SmallInteger, default=0)
    conversation: Mapped[Conversation] = relationship(lazy="joined", innerjoin=True)
