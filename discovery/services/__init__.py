"""Every write of discovery: one function is one use case."""

from discovery.services.approvals import decide_approval, request_approval, revoke_approval
from discovery.services.credentials import rotate_key, save_credential
from discovery.services.drifting import settle_drift
from discovery.services.networks import change_network, create_network, lift_stop, order_stop
from discovery.services.scans import cancel_scan, start_scan

__all__ = [
    "cancel_scan",
    "change_network",
    "create_network",
    "decide_approval",
    "lift_stop",
    "order_stop",
    "request_approval",
    "revoke_approval",
    "rotate_key",
    "save_credential",
    "settle_drift",
    "start_scan",
]
