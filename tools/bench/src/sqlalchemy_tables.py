"""Defines, creates and looks for tables as classes, as entities are: what a Python team (SQLModel, too) would do.
Arguments: URL, tables, columns."""
import sys

from sqlalchemy import Column, Integer, Text, create_engine, inspect
from sqlalchemy.orm import declarative_base

url, tables, columns = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
Base = declarative_base()
for number in range(tables):
    texts = {f"c{column}": Column(Text, index=column == 0) for column in range(columns)}
    key = {"id": Column(Integer, primary_key=True)}
    type(f"T{number}", (Base,), {"__tablename__": f"t{number}", **key, **texts})
engine = create_engine(url)
Base.metadata.create_all(engine)
found = inspect(engine)
assert all(found.has_table(f"t{number}") for number in range(tables))
