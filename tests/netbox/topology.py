"""Small NetBoxes to draw in a test: devices, panels, circuits and the cables between them."""

from typing import Any

from assets.imports.netbox.records import Cable, Records, Termination


class Topology:
    """Builds Records; every call returns the termination to plug a cable into."""

    def __init__(self) -> None:
        self.records = Records()
        self._next = 0
        self.records.add("dcim.manufacturer", 1, {"slug": "acme", "name": "Acme"})
        self.records.add("dcim.devicetype", 1, {"manufacturer": 1, "model": "X1"})
        self.records.add("dcim.site", 1, {"name": "Plant", "region": None})
        for pk, slug in enumerate(("server", "access-switch", "core-switch", "router", "patch-panel", "pdu"), 1):  # fmt: skip
            self.records.add("dcim.devicerole", pk, {"slug": slug, "name": slug})

    def _add(self, model: str, **fields: Any) -> Termination:
        self._next += 1
        self.records.add(model, self._next, fields)
        return model, self._next

    def device(self, name: str, role: str = "server", **fields: Any) -> int:
        roles = {row["slug"]: pk for pk, row in self.records.all("dcim.devicerole")}
        more = {"name": name, "role": roles[role], "device_type": 1, "site": 1, "status": "active"}
        return self._add("dcim.device", **{**more, **fields})[1]

    def port(self, device: int, name: str, model: str = "dcim.interface") -> Termination:
        return self._add(model, device=device, name=name)

    def panel(self, name: str, positions: int = 1) -> tuple[list[Termination], Termination]:
        """A patch panel: its front ports and the one rear port they share."""
        device = self.device(name, "patch-panel")
        rear = self._add("dcim.rearport", device=device, name="rear", positions=positions)
        fronts = [
            self._add("dcim.frontport", device=device, name=f"f{n}", rear_port=rear[1], rear_port_position=n)
            for n in range(1, positions + 1)
        ]  # fmt: skip
        return fronts, rear

    def circuit(self, cid: str) -> tuple[Termination, Termination]:
        provider = self._add("circuits.provider", slug=f"isp-{cid}", name="ISP")[1]
        circuit = self._add("circuits.circuit", cid=cid, provider=provider, status="active")[1]
        ends = [
            self._add("circuits.circuittermination", circuit=circuit, term_side=side, site=1)
            for side in "AZ"
        ]
        return ends[0], ends[1]

    def cable(self, a: Termination, b: Termination, status: str = "connected") -> int:
        pk = len(self.records.cables) + 1
        self.records.cables[pk] = Cable(pk, (a,), (b,), status)
        return pk
