"""Reads a table and writes it to another server, in chunks: what a Python team would do. Arguments: URLs, rows."""
import sys

import pandas
from sqlalchemy import create_engine

source, target, rows = sys.argv[1], sys.argv[2], int(sys.argv[3])
reader = create_engine(source).connect().execution_options(stream_results=True)
query = f"select * from measurement where id <= {rows}"
with create_engine(target).begin() as writer:
    for number, chunk in enumerate(pandas.read_sql(query, reader, chunksize=50_000)):
        chunk["bronze_load_timestamp"] = pandas.Timestamp.now(tz="UTC")
        chunk["bronze_source_system"] = "bench"
        mode = "replace" if number == 0 else "append"
        chunk.to_sql("measurement", writer, if_exists=mode, index=False, method="multi", chunksize=1_000)
