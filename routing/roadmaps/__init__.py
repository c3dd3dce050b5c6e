"""The map of a filing with its dates: before submission as it would go from today, afterwards as it goes. Pure.

A day of the map is a working day after submission, by the calendar handed in; due dates of tasks are those they carry.
"""

from routing.roadmaps.following import progress
from routing.roadmaps.planning import before

__all__ = ["before", "progress"]
