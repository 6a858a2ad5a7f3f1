"""Defines, creates and looks for tables: what a Python team would do. Arguments: URL, tables, columns."""
import sys

from sqlalchemy import Column, Integer, MetaData, Table, Text, create_engine, inspect

url, tables, columns = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
metadata = MetaData()
for number in range(tables):
    texts = [Column(f"c{column}", Text, index=column == 0) for column in range(columns)]
    Table(f"t{number}", metadata, Column("id", Integer, primary_key=True), *texts)
engine = create_engine(url)
metadata.create_all(engine)
found = inspect(engine)
assert all(found.has_table(f"t{number}") for number in range(tables))
