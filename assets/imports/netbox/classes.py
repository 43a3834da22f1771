"""From NetBox's free roles and states to our classes and states, and how far up the network a class stands."""

STATUS = {
    "active": "active",
    "planned": "planned",
    "staged": "staged",
    "staging": "staged",
    "inventory": "staged",
    "provisioning": "staged",
    "failed": "maintenance",
    "offline": "maintenance",
    "paused": "maintenance",
    "decommissioning": "retired",
    "deprovisioning": "retired",
    "decommissioned": "retired",
}
# The first word found in the role's slug decides; more telling words come first.
WORDS = (
    ("safety-plc", "safety-plc"),
    ("plc", "plc"),
    ("hmi", "hmi"),
    ("patch", "patch-panel"),
    ("firewall", "firewall"),
    ("router", "router"),
    ("industrial-switch", "industrial-switch"),
    ("switch", "it-switch"),
    ("access-point", "access-point"),
    ("wireless", "access-point"),
    ("hypervisor", "hypervisor-host"),
    ("storage", "storage"),
    ("nas", "nas"),
    ("server", "server"),
    ("ups", "ups"),
    ("pdu", "pdu"),
    ("power", "pdu"),
    ("console", "console-server"),
    ("camera", "camera"),
    ("printer", "printer"),
    ("workstation", "workstation"),
    ("robot", "robot"),
    ("drive", "drive"),
    ("sensor", "sensor-gateway"),
    ("gateway", "sensor-gateway"),
)
_STEPS = {
    "access-point": 20,
    "it-switch": 30,
    "industrial-switch": 30,
    "firewall": 60,
    "router": 70,
}


def status_of(value: object) -> str:
    """Return our state of an item.

    >>> status_of("offline"), status_of("something-new")
    ('maintenance', 'active')
    """
    return STATUS.get(str(value), "active")


def class_of(role_slug: str) -> str:
    """Return our class for a device role.

    >>> class_of("tor-switch"), class_of("database-server"), class_of("widget")
    ('it-switch', 'server', 'network-device')
    """
    return next((name for word, name in WORDS if word in role_slug), "network-device")


def step_of(role_slug: str) -> int:
    """Return how far up the network a device stands: what stands lower depends on what stands higher.

    >>> step_of("application-server") < step_of("access-switch") < step_of("core-switch") < step_of("router")
    True
    """
    step = _STEPS.get(class_of(role_slug), 10)
    if "core" in role_slug or "spine" in role_slug:
        return step + 20
    return step + 10 if "distribution" in role_slug or "aggregation" in role_slug else step
