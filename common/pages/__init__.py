"""What a page is made of: list pages, object pages, forms, navigation. See docs/development/pages.md."""

from common.pages import html
from common.pages.base import Action, Crumb, Page
from common.pages.columns import Column, Row, chosen, linked, plain
from common.pages.facets import Facet
from common.pages.forms import DeletePage, FormPage
from common.pages.lists import BulkAction, EmptyState, ListPage
from common.pages.objects import Header, ObjectPage
from common.pages.records import RecordForm

__all__ = [
    "Action",
    "BulkAction",
    "Column",
    "Crumb",
    "DeletePage",
    "EmptyState",
    "Facet",
    "FormPage",
    "Header",
    "ListPage",
    "ObjectPage",
    "Page",
    "RecordForm",
    "Row",
    "chosen",
    "html",
    "linked",
    "plain",
]
