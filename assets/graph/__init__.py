"""The dependency graph: pure computing on numbers, without Django.

`assets.queries.live_graph` keeps one in memory that follows the database.
"""
