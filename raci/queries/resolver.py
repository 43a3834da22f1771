"""Who is accountable, responsible, consulted, informed: for one item, for thousands, for a place."""

from datetime import datetime

from assets.models import ConfigurationItem, Location
from raci.queries.book import Book, load_book
from raci.queries.resolution import Resolution
from raci.queries.subjects import Items, subject_of_location, subjects_of
from raci.rules import Subject


def resolve(item: ConfigurationItem, *, activity_code: str, at: datetime) -> Resolution:
    """Return who answers for an item in an activity at a moment, with the trace of every answer.

    Raises UnknownActivityError.
    """
    return resolve_many([item], activity_code=activity_code, at=at)[item.pk]


def resolve_many(items: Items, *, activity_code: str, at: datetime) -> dict[int, Resolution]:
    """Return the resolution of every item by its id, in at most ten queries for any number of items.

    `items` is a queryset (narrowed by access.py when it is for a user) or the items themselves.
    """
    book = load_book(at, activity_code=activity_code)
    subjects = subjects_of(items, tag_ids=book.named.tags)
    return {subject.item_id: book.resolve(subject, activity_code) for subject in subjects}


def resolve_location(location: Location, *, at: datetime) -> list[Resolution]:
    """Return who answers at a location, per activity: what an item without conditions would inherit."""
    return _per_activity(load_book(at), subject_of_location(location))


def resolve_activities(item: ConfigurationItem, *, at: datetime) -> list[Resolution]:
    """Return who answers for an item in every activity, in the order of the tree."""
    book = load_book(at)
    (subject,) = subjects_of([item], tag_ids=book.named.tags)
    return _per_activity(book, subject)


def _per_activity(book: Book, subject: Subject) -> list[Resolution]:
    return [book.resolve(subject, code) for code in book.activities]
