"""Who is connected to whom, which observations are one device, and what changed: pure computing on readings.

`links.links_of` makes a topology of what devices told; `identity` says which observations are one device;
`drift` compares two topologies. Nothing here knows Django, a database or a network.
"""
