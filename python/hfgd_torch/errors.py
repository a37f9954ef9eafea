"""What is told to users: failures whose text says what was found and ends with the remedy."""

from __future__ import annotations


class UserError(Exception):
    """A failure that a user can mend.

    Attributes:
        status: What a program ends with, as `hfgd` has it.
        is_common: Whether all processes that share a batch have met it.
    """

    status = 2
    is_common = False


class RunError(UserError):
    """A run's folder or its arguments cannot be used as they were given."""


class DataError(UserError):
    """A data set, or one of its files, cannot be used."""

    status = 4


class DivergedError(UserError):
    """A loss, a gradient or a tensor is no longer finite."""

    status = 6
    is_common = True
