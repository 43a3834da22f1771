"""The words of discovery that are stored; what is decided with them stands in `rules`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ScanMode(models.TextChoices):
    """How much a network allows; mirrors `rules.probes.Mode`."""

    PASSIVE = "passive", _("Passive: nothing is sent")
    SNMP_ONLY = "snmp_only", _("SNMP reads only")
    GENTLE = "gentle", _("Gentle: named read-only requests")
    IT = "it", _("IT: anything read-only")


class ScanMethod(models.TextChoices):
    """What a scan asks besides SNMP; mirrors `rules.methods.METHODS`."""

    HOST_ALIVE = "host-alive", _("Host check: one ping, and silence ends it")
    TCP_CONNECT = "tcp-connect", _("Named ports: which of them are open")
    S7_READ_SZL = "s7-read-szl", _("S7: module and serial number (port 102)")
    MODBUS_IDENTIFY = "modbus-identify", _("Modbus: device identification (port 502)")
    OPCUA_GET_ENDPOINTS = "opcua-get-endpoints", _("OPC UA: endpoints (port 4840)")
    ENIP_LIST_IDENTITY = "enip-list-identity", _("EtherNet/IP: identity (port 44818)")
    SERVICE_VERSION = "service-version", _("Versions of services (outside of OT only)")


class CredentialKind(models.TextChoices):
    """How a device is asked for leave."""

    COMMUNITY = "snmp_v2c", _("SNMP v2c community")
    USER = "snmp_v3", _("SNMP v3 user")


class AuthProtocol(models.TextChoices):
    """Digests of SNMP v3 (RFC 7860); mirrors `collectors.snmp.credentials.Auth`."""

    MD5 = "md5", "MD5"
    SHA1 = "sha1", "SHA-1"
    SHA224 = "sha224", "SHA-224"
    SHA256 = "sha256", "SHA-256"
    SHA384 = "sha384", "SHA-384"
    SHA512 = "sha512", "SHA-512"


class PrivacyProtocol(models.TextChoices):
    """Ciphers of SNMP v3 (RFC 3826); mirrors `collectors.snmp.credentials.Privacy`."""

    DES = "des", "DES"
    AES128 = "aes128", "AES-128"
    AES192 = "aes192", "AES-192"
    AES256 = "aes256", "AES-256"
    AES192_CISCO = "aes192-cisco", _("AES-192 (Cisco)")
    AES256_CISCO = "aes256-cisco", _("AES-256 (Cisco)")


class ApprovalState(models.TextChoices):
    """Where the consent to an active scan stands."""

    REQUESTED = "requested", _("Waiting")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    REVOKED = "revoked", _("Revoked")


class ScanState(models.TextChoices):
    """Where a scan stands."""

    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    COMPLETED = "completed", _("Completed")
    STOPPED = "stopped", _("Stopped early")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")


class ScanSource(models.TextChoices):
    """Where a run's knowledge comes from: everything but the first sends nothing."""

    SCAN = "scan", _("Scan")
    NMAP = "nmap", _("nmap file")
    TABLE = "table", _("ARP or MAC table")


class TargetOutcome(models.TextChoices):
    """What came of one address."""

    READ = "read", _("Read")
    PARTIAL = "partial", _("Read in part")
    SILENT = "silent", _("No answer")
    REFUSED = "refused", _("Not asked")
    FAILED = "failed", _("Failed")


class ObservationVerdict(models.TextChoices):
    """What the CMDB made of an observed device."""

    STAGED = "staged", _("Not judged yet")
    ADDED = "added", _("Added")
    UPDATED = "updated", _("Updated")
    UNCHANGED = "unchanged", _("Unchanged")
    CONFLICTING = "conflicting", _("Waits for a decision")
    UNIDENTIFIED = "unidentified", _("Not identified")
    FAILED = "failed", _("Failed")


class CaseKind(models.TextChoices):
    """What a person is asked; the first five mirror `topology.matching.Verdict`."""

    AMBIGUOUS = "ambiguous", _("Which item is it?")
    REPLACED = "replaced", _("Was the device replaced?")
    WEAK = "weak", _("Is it this item?")
    DELETED = "deleted", _("Deleted, and seen again")
    RETIRED = "retired", _("Retired, and seen again")
    VALUE = "value", _("Whose value is right?")


class CaseState(models.TextChoices):
    """Whether somebody has answered."""

    OPEN = "open", _("Open")
    DECIDED = "decided", _("Decided")
    CLOSED = "closed", _("No longer a question")


class CaseDecision(models.TextChoices):
    """The answers there are."""

    SAME = "same", _("It is this item")
    NEW = "new", _("It is a new item")
    SUCCESSOR = "successor", _("It replaces this item")
    MERGE = "merge", _("They are one item")
    ACCEPT = "accept", _("Take the value seen")
    REJECT = "reject", _("Keep the value stored")
    IGNORE = "ignore", _("Leave it out")


class DriftKind(models.TextChoices):
    """What is otherwise than at the look before."""

    ITEM_NEW = "item_new", _("New device")
    ITEM_SILENT = "item_silent", _("No longer answers")
    VALUE = "value", _("Changed")
    LINK_NEW = "link_new", _("New link")
    LINK_GONE = "link_gone", _("Link gone")
    LINK_MOVED = "link_moved", _("Link moved")


class DriftState(models.TextChoices):
    """Whether somebody has to look at it."""

    UNEXPLAINED = "unexplained", _("Unexplained")
    EXPLAINED = "explained", _("Explained by a change")
    SETTLED = "settled", _("Looked at")


class ScheduleOutcome(models.TextChoices):
    """What came of a moment at which a schedule was due."""

    STARTED = "started", _("Started")
    SKIPPED = "skipped", _("Not started")


class OwnerGapKind(models.TextChoices):
    """Why nobody in particular answers for an item."""

    UNOWNED = "unowned", _("Nobody is accountable")
    TIE = "tie", _("Several are accountable with equal right")


class CollectorState(models.TextChoices):
    """Whether a collector may be used. A revoked one keeps its networks: nobody scans them until it has a new key."""

    ACTIVE = "active", _("In use")
    REVOKED = "revoked", _("Key revoked")
    RETIRED = "retired", _("Retired")


class MapView(models.TextChoices):
    """The four pictures of the current state."""

    TOPOLOGY = "topology", _("Topology")
    FLOWS = "flows", _("Data flow")
    ZONES = "zones", _("Zones and conduits")
    PURDUE = "purdue", _("Purdue levels")
