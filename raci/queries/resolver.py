"""Who is accountable, responsible, consulted, informed: for one item, for thousands, for a place."""

from datetime import datetime

from assets.models import ConfigurationItem, Location, Zone
from raci.queries.book import Book, load_book
from raci.queries.resolution import Resolution
from raci.queries.subjects import Items, subject_of_location, subject_of_zone, subjects_of
from raci.rules import Subject, reach


def resolve(item: ConfigurationItem, *, activity_code: str, at: datetime) -> Resolution:
    """Return who answers for an item in an activity at a moment, with the trace of every answer.

    Raises UnknownActivityError.
    """
    book, subject = _about(item, at, activity_code)
    return book.resolve(subject, activity_code)


def resolve_many(items: Items, *, activity_code: str, at: datetime) -> dict[int, Resolution]:
    """Return the resolution of every item by its id, in at most ten queries for any number of items.

    `items` is a queryset (narrowed by access.py when it is for a user) or the items themselves.
    """
    book = load_book(at, activity_code=activity_code)
    subjects = subjects_of(items, tag_ids=book.named.tags)
    return {subject.item_id: book.resolve(subject, activity_code) for subject in subjects}


def resolve_location(location: Location, *, at: datetime) -> list[Resolution]:
    """Return who answers at a location, per activity: what an item without conditions would inherit."""
    subject = subject_of_location(location)
    return _per_activity(load_book(at, scopes=reach(subject)), subject)


def resolve_zone(zone: Zone, *, activity_code: str, at: datetime) -> Resolution:
    """Return who answers for a zone as a whole: what an item in it without conditions would inherit.

    Raises UnknownActivityError.
    """
    subject = subject_of_zone(zone)
    book = load_book(at, activity_code=activity_code, scopes=reach(subject))
    return book.resolve(subject, activity_code)


def resolve_activities(item: ConfigurationItem, *, at: datetime) -> list[Resolution]:
    """Return who answers for an item in every activity, in the order of the tree."""
    return _per_activity(*_about(item, at, None))


def _about(
    item: ConfigurationItem, at: datetime, activity_code: str | None
) -> tuple[Book, Subject]:
    """Return the rules that may reach one item, and the item: cheaper than the book of them all."""
    (subject,) = subjects_of([item])
    book = load_book(at, activity_code=activity_code, scopes=reach(subject))
    if book.named.tags:
        (subject,) = subjects_of([item], tag_ids=book.named.tags)
    return book, subject


def _per_activity(book: Book, subject: Subject) -> list[Resolution]:
    return [book.resolve(subject, code) for code in book.activities]
