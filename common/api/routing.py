"""URLs of resources: the list URL takes bulk PATCH and DELETE beside GET and POST."""

from rest_framework.routers import Route, SimpleRouter


class ResourceRouter(SimpleRouter):
    """Routes where the list URL also takes bulk PATCH and DELETE."""

    routes = [
        Route(
            url=r"^{prefix}{trailing_slash}$",
            mapping={
                "get": "list",
                "post": "create",
                "patch": "bulk_update",
                "delete": "bulk_destroy",
            },
            name="{basename}-list",
            detail=False,
            initkwargs={"suffix": "List"},
        ),
        *SimpleRouter.routes[1:2],
        Route(
            url=r"^{prefix}/{lookup}{trailing_slash}$",
            mapping={"get": "retrieve", "patch": "partial_update", "delete": "destroy"},
            name="{basename}-detail",
            detail=True,
            initkwargs={"suffix": "Instance"},
        ),
        *SimpleRouter.routes[3:],
    ]
