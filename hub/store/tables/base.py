"""What every table shares: typed columns, aware times, enums kept as words, one naming of constraints."""

import enum
from datetime import date, datetime, time
from typing import Annotated, Any

from sqlalchemy import BigInteger, Date, DateTime, Enum, Identity, LargeBinary, MetaData, Text, Time
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

# A sealed value: AES-GCM under the person's own key (hub/store/vault.py).
Sealed = bytes

Id = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]


class Table(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - the declarative base reads it as a plain attribute
        str: Text,
        int: BigInteger,
        bytes: LargeBinary,
        date: Date,
        time: Time,
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[str]: JSONB,
        list[dict[str, Any]]: JSONB,
        # Words, not PostgreSQL enum types: a new member needs no lock on a large table.
        enum.Enum: Enum(enum.Enum, native_enum=False, length=40, values_callable=lambda e: [m.value for m in e]),
    }
