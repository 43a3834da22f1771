"""Scans, what came of each address, and every single probe."""

from django.db import models

from accounts.models import Person
from common.models import BaseModel, Job
from discovery.choices import ScanSource, ScanState, TargetOutcome
from discovery.models.approvals import ScanApproval
from discovery.models.networks import Network
from discovery.rules.stored import packed, packed_reports, unpacked, unpacked_reports

__all__ = [
    "ProbeRecord",
    "Scan",
    "ScanTarget",
    "packed",
    "packed_reports",
    "unpacked",
    "unpacked_reports",
]


class Scan(BaseModel):
    """One run over a network. `policy` is what it was allowed to do, as plain values, for the record.

    One from another `source` than a scan is the import of a file: nothing was sent, and absence from it proves nothing.
    """

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="scans")
    job = models.OneToOneField(
        Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="scan"
    )
    requester = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approval = models.ForeignKey(
        ScanApproval, null=True, blank=True, on_delete=models.PROTECT, related_name="scans"
    )
    state = models.CharField(
        max_length=10, choices=ScanState.choices, default=ScanState.QUEUED, editable=False
    )
    end_reason = models.CharField(max_length=200, blank=True, default="", editable=False)
    source = models.CharField(
        max_length=5, choices=ScanSource.choices, default=ScanSource.SCAN, editable=False
    )
    file_name = models.CharField(max_length=100, blank=True, default="", editable=False)
    targets = models.TextField(blank=True, default="")
    policy = models.JSONField(default=dict, editable=False)
    planned_count = models.PositiveIntegerField(default=0, editable=False)
    packet_count = models.PositiveIntegerField(default=0, editable=False)
    started_at = models.DateTimeField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"scan {self.pk}"

    def ledger_scope(self) -> str:
        """Return the location path that decides who may read entries about this scan."""
        return self.network.location.path


class ScanTarget(models.Model):
    """One address of a scan. `raw` is everything it told: zlib-compressed JSON of {OID: value}.

    `object_id` is its sysObjectID with dots, "" when it told none: unknown devices are grouped by it. `services` are
    its ports as nmap reports them: [{port, protocol, state, service, product, version, extrainfo, cpe, scripts}].
    `reports` are nmap's reports as they came: zlib-compressed JSON of a list of XML.
    """

    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="addresses")
    address = models.GenericIPAddressField()
    outcome = models.CharField(max_length=10, choices=TargetOutcome.choices)
    reason = models.CharField(max_length=300, blank=True, default="")
    identity = models.JSONField(default=dict)
    object_id = models.CharField(max_length=200, blank=True, default="")
    problems = models.JSONField(default=list)
    services = models.JSONField(default=list)
    variable_count = models.PositiveIntegerField(default=0)
    packet_count = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)
    raw = models.BinaryField(default=b"")
    reports = models.BinaryField(default=b"")
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["scan", "address"], name="one_row_per_scanned_address")
        ]

    def __str__(self) -> str:
        return self.address


class ProbeRecord(models.Model):
    """One probe as it was sent, or refused and why (OT-safe rule 14); never edited."""

    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="probes")
    at = models.DateTimeField()
    address = models.GenericIPAddressField()
    request = models.CharField(max_length=30)
    port = models.PositiveIntegerField(null=True)
    packets = models.PositiveSmallIntegerField(default=1)
    outcome = models.CharField(max_length=30)
    was_sent = models.BooleanField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["scan", "address"], name="probe_by_address")]

    def __str__(self) -> str:
        return f"{self.request} to {self.address}: {self.outcome}"
