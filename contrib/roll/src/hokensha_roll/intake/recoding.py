"""Text of another encoding than UTF-8, decoded once for each distinct cell."""

from __future__ import annotations

import numpy as np
import pyarrow as pa


def decoded(table: pa.Table, encoding: str) -> pa.Table:
    """A table whose cells are bytes, as a table of text.

    Raises:
        UnicodeDecodeError: The bytes of a cell are not of that encoding.
    """
    columns = [
        pa.chunked_array([_decoded(chunk, encoding) for chunk in column.chunks], _text_type(column.type))
        for column in table.columns
    ]
    return pa.table(columns, names=table.column_names)


def _text_type(kind: pa.DataType) -> pa.DataType:
    return pa.dictionary(kind.index_type, pa.string()) if pa.types.is_dictionary(kind) else pa.string()


def _decoded(array: pa.Array, encoding: str) -> pa.Array:
    if pa.types.is_dictionary(array.type):
        return pa.DictionaryArray.from_arrays(array.indices, _decoded(array.dictionary, encoding))
    data = array.buffers()[2]
    if data is None or not data.size or np.max(np.frombuffer(data, np.uint8)) < 0x80:
        return array.view(pa.string())  # the same in every encoding that a policy may name
    return pa.array([cell.decode(encoding) for cell in array.to_pylist()], pa.string())
