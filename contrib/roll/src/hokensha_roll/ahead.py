"""The next of several things is made while the one before it is worked on."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def one_ahead(each: Iterator[T]) -> Iterator[T]:
    """The same things in the same order, each made by a thread of its own while the last one is used.

    Whatever making one raises is raised here in its place.
    """
    with ThreadPoolExecutor(1, "ahead") as pool:
        coming: Future[tuple[T, ...]] = pool.submit(_next, each)
        while found := coming.result():
            coming = pool.submit(_next, each)
            yield found[0]
            del found  # not to be kept while the next one is waited for


def _next(each: Iterator[T]) -> tuple[T, ...]:
    for found in each:
        return (found,)
    return ()
