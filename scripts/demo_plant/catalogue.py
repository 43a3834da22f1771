"""Makers and products in the plant: part numbers, recommended and older firmware, serial formats.

Dates are the published ones where a maker published them; they are here to be shown, not relied on.
"""

from __future__ import annotations

from typing import NamedTuple

ORGANISATIONS = (
    ("abb", "ABB", "manufacturer"),
    ("apc", "APC by Schneider Electric", "manufacturer"),
    ("aveva", "AVEVA", "manufacturer"),
    ("axis", "Axis Communications", "manufacturer"),
    ("babtec", "Babtec", "manufacturer"),
    ("beckhoff", "Beckhoff Automation", "manufacturer"),
    ("belden", "Hirschmann (Belden)", "manufacturer"),
    ("blue-yonder", "Blue Yonder", "manufacturer"),
    ("br-automation", "B&R Industrial Automation", "manufacturer"),
    ("cimco", "CIMCO", "manufacturer"),
    ("cisco", "Cisco Systems", "manufacturer"),
    ("claroty", "Claroty", "manufacturer"),
    ("cognex", "Cognex", "manufacturer"),
    ("dell", "Dell Technologies", "manufacturer"),
    ("eaton", "Eaton", "manufacturer"),
    ("fanuc", "FANUC", "manufacturer"),
    ("fortinet", "Fortinet", "manufacturer"),
    ("hexagon", "Hexagon Manufacturing Intelligence", "manufacturer"),
    ("hms", "HMS Networks", "manufacturer"),
    ("hp", "HP", "manufacturer"),
    ("hpe", "Hewlett Packard Enterprise", "manufacturer"),
    ("ibm", "IBM", "manufacturer"),
    ("ifm", "ifm electronic", "manufacturer"),
    ("inductive-automation", "Inductive Automation", "manufacturer"),
    ("infinityqs", "InfinityQS", "manufacturer"),
    ("keyence", "Keyence", "manufacturer"),
    ("kuka", "KUKA", "manufacturer"),
    ("labware", "LabWare", "manufacturer"),
    ("loftware", "Loftware", "manufacturer"),
    ("meinberg", "Meinberg Funkuhren", "manufacturer"),
    ("mettler-toledo", "Mettler-Toledo", "manufacturer"),
    ("microsoft", "Microsoft", "manufacturer"),
    ("moxa", "Moxa", "manufacturer"),
    ("mpdv", "MPDV Mikrolab", "manufacturer"),
    ("phoenix-contact", "Phoenix Contact", "manufacturer"),
    ("pilz", "Pilz", "manufacturer"),
    ("proleit", "ProLeiT", "manufacturer"),
    ("ptc", "PTC", "manufacturer"),
    ("red-hat", "Red Hat", "manufacturer"),
    ("rockwell", "Rockwell Automation", "manufacturer"),
    ("sap", "SAP", "manufacturer"),
    ("schneider", "Schneider Electric", "manufacturer"),
    ("siemens", "Siemens", "manufacturer"),
    ("splunk", "Splunk", "manufacturer"),
    ("ssi-schaefer", "SSI Schaefer", "manufacturer"),
    ("synology", "Synology", "manufacturer"),
    ("turck", "Turck", "manufacturer"),
    ("veeam", "Veeam Software", "manufacturer"),
    ("videojet", "Videojet Technologies", "manufacturer"),
    ("vmware", "VMware by Broadcom", "manufacturer"),
    ("zebra", "Zebra Technologies", "manufacturer"),
    ("halden-works", "Halden Works Group", "operator"),
    ("brekke-automation", "Brekke Automation Service", "integrator"),
    ("lindmark-it", "Lindmark IT Supply", "vendor"),
)


class Product(NamedTuple):
    """One catalogue entry; `older` are versions still found in the plant."""

    vendor: str
    model: str
    name: str
    item_class: str
    part_number: str = ""
    recommended: str = ""
    older: tuple[str, ...] = ()
    end_of_sale: str = ""
    end_of_support: str = ""


P = Product
PRODUCTS: dict[str, Product] = {
    # control
    "s7-1516": P("siemens", "CPU 1516-3 PN/DP", "SIMATIC S7-1500 CPU 1516-3 PN/DP", "plc", "6ES7516-3AN02-0AB0", "V3.1.4", ("V2.9.4", "V2.8.3")),
    "s7-1512sp": P("siemens", "CPU 1512SP-1 PN", "SIMATIC ET 200SP CPU 1512SP-1 PN", "plc", "6ES7512-1DM03-0AB0", "V3.1.4", ("V2.9.7",)),
    "s7-315": P("siemens", "CPU 315-2 PN/DP", "SIMATIC S7-300 CPU 315-2 PN/DP", "plc", "6ES7315-2EH14-0AB0", "V3.2.19", ("V3.2.11", "V3.2.8"), "2023-10-01", "2033-10-01"),
    "s7-1515f": P("siemens", "CPU 1515F-2 PN", "SIMATIC S7-1500 CPU 1515F-2 PN", "safety-plc", "6ES7515-2FN03-0AB0", "V3.1.4", ("V2.9.4",)),
    "clx-l83": P("rockwell", "1756-L83E", "ControlLogix 5580 controller", "plc", "1756-L83E", "35.013", ("33.011", "32.016")),
    "cmx-l330": P("rockwell", "5069-L330ERM", "CompactLogix 5380 controller", "plc", "5069-L330ERM", "35.013", ("33.011",)),
    "guard-l320": P("rockwell", "5069-L320ERMS2", "Compact GuardLogix 5380 controller", "safety-plc", "5069-L320ERMS2", "35.013", ("33.011",)),
    "x20cp": P("br-automation", "X20CP1586", "X20 CPU, Atom 1.6 GHz", "plc", "X20CP1586", "1.8.5.2", ("1.6.2.0",)),
    "cx5140": P("beckhoff", "CX5140", "Embedded PC with TwinCAT 3", "plc", "CX5140-0155", "3.1.4024.56", ("3.1.4022.32",)),
    "pss4000": P("pilz", "PSSu H PLC1 FS SN SD", "PSS 4000 safety controller", "safety-plc", "312070", "1.25.1", ("1.19.2",)),
    "pnozmulti": P("pilz", "PNOZ m B1", "PNOZmulti 2 base unit", "safety-plc", "772101", "1.7", ("1.4",)),
    "cnc-840d": P("siemens", "SINUMERIK 840D sl NCU 730.3", "SINUMERIK 840D sl control", "cnc-controller", "6FC5373-0AA30-0AB0", "V4.95 SP2", ("V4.8 SP3", "V4.7 SP6")),
    "cnc-31i": P("fanuc", "31i-B5", "FANUC Series 31i-B5 control", "cnc-controller", "A02B-0327-B502", "G431-12", ("G431-05",)),
    # operator panels
    "tp1200": P("siemens", "TP1200 Comfort", "SIMATIC HMI TP1200 Comfort", "hmi", "6AV2124-0MC01-0AX0", "V17.0.0.8", ("V16.0.0.4", "V15.1.0.5")),
    "mtp1500": P("siemens", "MTP1500 Unified Comfort", "SIMATIC HMI MTP1500 Unified Comfort", "hmi", "6AV2128-3QB06-0AX1", "V18.0.0.4", ("V17.0.0.4",)),
    "pvp7": P("rockwell", "2711P-T12W22D9P", "PanelView Plus 7 Performance 12 inch", "hmi", "2711P-T12W22D9P", "14.00", ("12.00", "11.00")),
    "t50": P("br-automation", "6PPT50.101E-16B", "Power Panel T50 10.1 inch", "hmi", "6PPT50.101E-16B", "1.3.1", ("1.1.2",)),
    # drives, remote I/O, robots, sensors
    "g120": P("siemens", "SINAMICS G120 CU240E-2 PN-F", "SINAMICS G120 inverter", "drive", "6SL3244-0BB13-1FA0", "V4.7.14", ("V4.7.10", "V4.6.11")),
    "s120": P("siemens", "SINAMICS S120 CU320-2 PN", "SINAMICS S120 control unit", "drive", "6SL3040-1MA01-0AA0", "V5.2.3", ("V4.8.4",)),
    "pf525": P("rockwell", "25B-D010N104", "PowerFlex 525 AC drive", "drive", "25B-D010N104", "7.001", ("5.001",)),
    "kinetix": P("rockwell", "2198-S086-ERS3", "Kinetix 5700 servo drive", "drive", "2198-S086-ERS3", "13.003", ("9.001",)),
    "acopos": P("br-automation", "8EI4X5HWD10.0600-1", "ACOPOS P3 servo drive", "drive", "8EI4X5HWD10.0600-1", "2.14.1", ("2.08.2",)),
    "acs880": P("abb", "ACS880-01", "ACS880 industrial drive", "drive", "ACS880-01-087A-3", "3.42.0.1", ("2.82.0.2",)),
    "et200sp": P("siemens", "IM 155-6 PN HF", "SIMATIC ET 200SP interface module", "remote-io", "6ES7155-6AU01-0CN0", "V4.2.6", ("V4.2.2", "V3.3.1")),
    "point-io": P("rockwell", "1734-AENTR", "POINT I/O dual-port EtherNet/IP adapter", "remote-io", "1734-AENTR", "7.011", ("5.017",)),
    "x20bc": P("br-automation", "X20BC0083", "X20 POWERLINK bus controller", "remote-io", "X20BC0083", "2.25", ("2.12",)),
    "krc4": P("kuka", "KR C4", "KUKA KR 210 with KR C4 controller", "robot", "KR 210 R2700 prime", "KSS 8.6.11", ("KSS 8.3.38",)),
    "krc5": P("kuka", "KR C5", "KUKA KR 120 with KR C5 controller", "robot", "KR 120 R2700-2", "KSS 8.7.6", ("KSS 8.7.2",)),
    "r30ib": P("fanuc", "R-30iB Plus", "FANUC M-410 with R-30iB Plus controller", "robot", "A05B-2680-B001", "V9.40P/40", ("V9.10P/22",)),
    "al1102": P("ifm", "AL1100", "IO-Link master PROFINET, 4 ports", "sensor-gateway", "AL1100", "3.1.92", ("2.3.28",)),
    "tben": P("turck", "TBEN-S2-4IOL", "IO-Link master multiprotocol, 4 ports", "sensor-gateway", "6814024", "3.4.4.0", ("3.1.16.0",)),
    "flexy": P("hms", "Ewon Flexy 205", "Industrial data gateway", "sensor-gateway", "FLEXY20500_00MA", "14.9s0", ("14.4s1",)),
    "mgate": P("moxa", "MGate 5105-MB-EIP", "Modbus to EtherNet/IP gateway", "sensor-gateway", "MGate 5105-MB-EIP", "4.3", ("3.5",)),
    "ipc227": P("siemens", "IPC227G", "SIMATIC IPC227G edge device", "sensor-gateway", "6ES7647-8BD31-0BW1", "1.19.0", ("1.13.2",)),
    # vision, identification, weighing, marking
    "insight": P("cognex", "In-Sight 7802", "In-Sight 7802 vision system", "vision-system", "IS7802M-373-10", "6.5.1", ("5.9.2",)),
    "cvx": P("keyence", "CV-X482F", "CV-X vision controller", "vision-system", "CV-X482F", "5.4.0100", ("5.1.0000",)),
    "dataman": P("cognex", "DataMan 374", "DataMan 374 fixed-mount reader", "barcode-scanner", "DMR-374QL-00", "6.1.16", ("5.7.2",)),
    "tc52": P("zebra", "TC52ax", "TC52ax mobile computer", "barcode-scanner", "TC520L-1YFMU7P-A6", "13-22-18.01", ("11-26-05.00",)),
    "ds3678": P("zebra", "DS3678-ER", "DS3678 cordless scanner", "barcode-scanner", "DS3678-ER3U4600SVW", "PAAESS00-012-R05", ()),
    "zt411": P("zebra", "ZT411", "ZT411 industrial label printer", "label-printer", "ZT41142-T0E0000Z", "V92.21.26Z", ("V92.21.16Z",)),
    "vj1580": P("videojet", "1580", "Videojet 1580 continuous inkjet coder", "label-printer", "1580", "1.6.12", ("1.4.03",)),
    "c33": P("mettler-toledo", "C33 PlusLine", "C33 PlusLine checkweigher", "scale", "C33", "4.3.2", ("3.9.0",)),
    "ind780": P("mettler-toledo", "IND780", "IND780 weighing terminal", "scale", "IND780", "8.2.08", ("7.5.01",)),
    "axis": P("axis", "P3245-LVE", "AXIS P3245-LVE dome camera", "camera", "01593-001", "11.11.160", ("10.12.240",)),
    # networks
    "xc208": P("siemens", "XC208", "SCALANCE XC208 managed switch", "industrial-switch", "6GK5208-0BA00-2AC2", "V4.5.1", ("V4.3.1", "V4.1.0")),
    "xc216": P("siemens", "SCALANCE XC216", "SCALANCE XC216 managed switch", "industrial-switch", "6GK5216-0BA00-2AC2", "V4.5.1", ("V4.3.1",)),
    "stratix": P("rockwell", "1783-BMS10CGL", "Stratix 5700 managed switch", "industrial-switch", "1783-BMS10CGL", "15.2(8)E7", ("15.2(5)EA.fc4",)),
    "rsp25": P("belden", "RSP25", "Hirschmann RSP25 rail switch", "industrial-switch", "RSP25-11003Z6TT", "09.4.03", ("07.1.05",)),
    "eds408": P("moxa", "EDS-408A", "Moxa EDS-408A managed switch", "industrial-switch", "EDS-408A", "3.12", ("3.8",)),
    "ie3400": P("cisco", "IE-3400-8T2S", "Catalyst IE3400 rugged switch", "industrial-switch", "IE-3400-8T2S-E", "17.12.4", ("17.6.5",)),
    "c9500": P("cisco", "C9500-24Y4C", "Catalyst 9500 core switch", "it-switch", "C9500-24Y4C-A", "17.12.4", ("17.9.4a",)),
    "c9300": P("cisco", "C9300-48UXM", "Catalyst 9300 switch", "it-switch", "C9300-48UXM-A", "17.12.4", ("17.6.5",)),
    "c2960x": P("cisco", "WS-C2960X-48FPD-L", "Catalyst 2960-X switch", "it-switch", "WS-C2960X-48FPD-L", "15.2(7)E10", ("15.2(4)E6",), "2022-10-31", "2027-10-31"),
    "c9120": P("cisco", "C9120AXI", "Catalyst 9120AX access point", "access-point", "C9120AXI-E", "17.12.4", ("17.9.5",)),
    "c9800": P("cisco", "C9800-L-F", "Catalyst 9800-L wireless controller", "wlan-controller", "C9800-L-F-K9", "17.12.4", ("17.9.5",)),
    "isr4331": P("cisco", "ISR4331", "ISR 4331 router", "router", "ISR4331/K9", "17.9.5a", ("16.9.8",), "2023-11-07", "2028-11-30"),
    "cosy": P("hms", "Ewon Cosy+ 4G", "Remote access gateway with 4G modem", "router", "EC71330_00MA", "22.2s0", ("22.0s1",)),
    "fg200": P("fortinet", "FortiGate 200F", "FortiGate 200F firewall", "firewall", "FG-200F", "v7.4.8", ("v7.0.12",)),
    "fgr60": P("fortinet", "FortiGate Rugged 60F", "FortiGate Rugged 60F firewall", "firewall", "FGR-60F", "v7.4.8", ("v6.4.14",)),
    "eagle40": P("belden", "EAGLE40-4F", "Hirschmann EAGLE40 industrial firewall", "firewall", "EAGLE40-04TX", "05.0.02", ("04.4.00",)),
    # machines and power in the data rooms
    "r750": P("dell", "PowerEdge R750", "PowerEdge R750 server", "hypervisor-host", "R750", "BIOS 1.15.2", ("BIOS 1.8.2",)),
    "dl380": P("hpe", "ProLiant DL380 Gen10", "ProLiant DL380 Gen10 server", "server", "868703-B21", "U30 v3.20", ("U30 v2.42",), "2023-07-31", ""),
    "r350": P("dell", "PowerEdge R350", "PowerEdge R350 server", "server", "R350", "BIOS 1.10.1", ("BIOS 1.4.2",)),
    "ipc847": P("siemens", "IPC847E", "SIMATIC IPC847E rack PC", "server", "6AG4114-3", "V21.01.17", ("V21.01.09",)),
    "powerstore": P("dell", "PowerStore 500T", "PowerStore 500T storage array", "storage", "PS500T", "3.6.1.3", ("3.2.0.1",)),
    "msa2060": P("hpe", "MSA 2060", "MSA 2060 storage array", "storage", "R0Q76B", "IN210P002", ("IN110R003",)),
    "rs1221": P("synology", "RS1221+", "RackStation RS1221+", "nas", "RS1221+", "DSM 7.2.2-72806", ("DSM 6.2.4-25556",)),
    "m300": P("meinberg", "LANTIME M300/GPS", "LANTIME M300 time server", "time-server", "M300/GPS/AD10", "7.08.016", ("6.24.021",)),
    "srt5000": P("apc", "SRT5KRMXLI", "Smart-UPS SRT 5000VA", "ups", "SRT5KRMXLI", "UPS 16.5", ("UPS 14.2",)),
    "9px": P("eaton", "9PX6KIRTN", "Eaton 9PX 6000i", "ups", "9PX6KIRTN", "2.18", ("1.20",)),
    "quint": P("phoenix-contact", "QUINT4-UPS/24DC/24DC/40/EIP", "QUINT 24 V DC UPS, 40 A", "ups", "2907080", "1.20", ("1.10",)),
    "ap8853": P("apc", "AP8853", "Metered rack PDU, 32 A", "pdu", "AP8853", "v7.1.4", ("v6.8.2",)),
    # operating systems and clients
    "ws2022": P("microsoft", "Windows Server 2022 Standard", "Windows Server 2022 Standard", "vm", "", "21H2 20348.2762", ("21H2 20348.1006",), "", "2031-10-14"),
    "ws2019": P("microsoft", "Windows Server 2019 Standard", "Windows Server 2019 Standard", "vm", "", "1809 17763.6293", ("1809 17763.2803",), "", "2029-01-09"),
    "ws2012": P("microsoft", "Windows Server 2012 R2 Standard", "Windows Server 2012 R2 Standard", "vm", "", "6.3.9600.21620", ("6.3.9600.19994",), "", "2023-10-10"),
    "rhel8": P("red-hat", "Enterprise Linux 8", "Red Hat Enterprise Linux 8", "vm", "", "8.10", ("8.4",), "", "2029-05-31"),
    "optiplex": P("dell", "OptiPlex 7090", "OptiPlex 7090 (Windows 10 LTSC 2021)", "workstation", "OptiPlex 7090", "BIOS 1.27.0", ("BIOS 1.9.0",)),
    "ipc477": P("siemens", "IPC477E", "SIMATIC IPC477E panel PC", "workstation", "6AV7241-3", "V21.01.17", ("V21.01.08",)),
    "t30": P("hp", "Z2 Tower G9", "HP Z2 Tower G9 engineering station", "workstation", "5F0N8EA", "U50 01.08", ("U50 01.02",)),
    "win7pc": P("hp", "Compaq 8300 Elite", "HP 8300 Elite (Windows 7 Professional)", "workstation", "QV996AV", "K01 v03.08", (), "2014-06-30", "2020-01-14"),
    "m507": P("hp", "LaserJet M507dn", "LaserJet Enterprise M507dn", "printer", "1PV87A", "2411282_068452", ("2307190_012144",)),
    "cmm": P("hexagon", "GLOBAL S 09.12.08", "GLOBAL S coordinate measuring machine", "coordinate-measuring-machine", "GLOBAL S 09.12.08", "DC241 3.6", ("DC241 3.1",)),
    # applications
    "talk2m": P("hms", "Talk2M Pro", "Talk2M remote service account", "software"),
    "s4hana": P("sap", "S/4HANA 2022", "SAP S/4HANA", "erp", "", "2022 FPS02", (), "", "2027-12-31"),
    "sap-po": P("sap", "Process Orchestration 7.5", "SAP Process Orchestration", "middleware", "", "7.5 SP29", ("7.5 SP20",), "", "2027-12-31"),
    "teamcenter": P("siemens", "Teamcenter 2312", "Teamcenter PLM", "plm", "", "2312.0004", ()),
    "powerbi": P("microsoft", "Power BI Report Server", "Power BI Report Server", "bi", "", "May 2026", ("January 2024",)),
    "adds": P("microsoft", "Active Directory Domain Services", "Active Directory", "identity-system", "", "2022", ()),
    "veeam": P("veeam", "Backup & Replication 12", "Veeam Backup & Replication", "backup-system", "", "12.3.1", ("12.0.0",)),
    "thingworx": P("ptc", "ThingWorx 9", "ThingWorx Industrial IoT platform", "iiot-platform", "", "9.6.2", ("9.3.4",)),
    "maximo": P("ibm", "Maximo Manage 8", "IBM Maximo asset management", "cmms", "", "8.7.4", ("8.4.0",)),
    "splunk-es": P("splunk", "Enterprise Security 7", "Splunk Enterprise Security", "custom-system", "", "7.3.2", ()),
    "claroty-sra": P("claroty", "Secure Remote Access 3", "Claroty Secure Remote Access", "remote-access-system", "", "3.7.1", ("3.5.0",)),
    "aveva-mes": P("aveva", "Manufacturing Execution System 2023", "AVEVA Manufacturing Execution System", "mes", "", "2023 R2", ("2020 R2",)),
    "system-platform": P("aveva", "System Platform 2023", "AVEVA System Platform", "scada", "", "2023 R2 SP1", ("2020 R2 SP1",)),
    "pi": P("aveva", "PI Server 2023", "AVEVA PI Server", "historian", "", "2023 SP1", ("2018 SP3",)),
    "plant-it": P("proleit", "Plant iT V9", "ProLeiT Plant iT process control", "dcs", "", "V9.80", ("V9.60",)),
    "lims": P("labware", "LIMS 8", "LabWare LIMS", "lims", "", "8.0.3", ()),
    "by-wms": P("blue-yonder", "Warehouse Management 2021", "Blue Yonder Warehouse Management", "wms", "", "2021.1.4", ()),
    "wamas": P("ssi-schaefer", "WAMAS MFS 5", "WAMAS material flow system", "custom-system", "", "5.8.2", ("5.4.0",)),
    "nicelabel": P("loftware", "NiceLabel LMS Enterprise 10", "NiceLabel label management", "custom-system", "", "10.5", ("2019.3",)),
    "proficient": P("infinityqs", "ProFicient 10", "InfinityQS ProFicient SPC", "qms", "", "10.3", ()),
    "pme": P("schneider", "EcoStruxure Power Monitoring Expert 2021", "EcoStruxure Power Monitoring Expert", "energy-management", "", "2021 CU3", ("2021",)),
    "vsphere8": P("vmware", "vSphere 8", "VMware vSphere 8", "virtualisation-platform", "", "8.0 U3", ("8.0 U1",), "", "2027-10-11"),
    "vsphere7": P("vmware", "vSphere 7", "VMware vSphere 7", "virtualisation-platform", "", "7.0 U3q", (), "", "2025-10-02"),
    "hydra": P("mpdv", "HYDRA X", "MPDV HYDRA X", "mes", "", "X 2.8", ("X 2.4",)),
    "wincc": P("siemens", "SIMATIC WinCC V7.5", "SIMATIC WinCC", "scada", "", "V7.5 SP2 Upd 18", ("V7.5 SP1",)),
    "process-historian": P("siemens", "SIMATIC Process Historian 2020", "SIMATIC Process Historian", "historian", "", "2020 SP1 Upd 4", ("2019",)),
    "babtecq": P("babtec", "BabtecQ 8", "BabtecQ quality management", "qms", "", "8.4.2", ()),
    "dnc-max": P("cimco", "DNC-Max 8", "CIMCO DNC-Max", "custom-system", "", "8.13", ("8.02",)),
    "pc-dmis": P("hexagon", "PC-DMIS 2023", "PC-DMIS measuring software", "custom-system", "", "2023.2 SP4", ()),
    "ignition": P("inductive-automation", "Ignition 8.1", "Ignition SCADA", "scada", "", "8.1.48", ("8.1.17",)),
    "powermanager": P("siemens", "SENTRON powermanager 6", "SENTRON powermanager", "energy-management", "", "6.2", ()),
    "dfs": P("microsoft", "Windows File Services 2019", "Windows file services (DFS)", "file-service", "", "1809", ()),
}  # fmt: skip

# A line older than a product was retrofitted with it.
ON_SALE_SINCE = {
    "s7-1512sp": 2015, "s7-1516": 2014, "tp1200": 2012, "et200sp": 2013, "xc208": 2017, "g120": 2011,
    "krc4": 2011, "krc5": 2021, "cvx": 2020, "dataman": 2018, "insight": 2018, "al1102": 2017,
    "tben": 2016, "ipc227": 2021, "flexy": 2017, "mgate": 2017, "mtp1500": 2020, "quint": 2018, "zt411": 2019,
    "vj1580": 2017, "c33": 2018, "cx5140": 2015, "acs880": 2014, "pf525": 2013, "point-io": 2010,
    "clx-l83": 2017, "cmx-l330": 2017, "guard-l320": 2019, "pvp7": 2016, "stratix": 2013,
    "pnozmulti": 2014, "eds408": 2010, "rsp25": 2014, "cnc-31i": 2013,
}  # fmt: skip

SERIAL_PATTERNS = {
    "siemens": "C-@#@#########", "rockwell": "&&&&&&&&", "cisco": "FOC2###%%%%",
    "fortinet": "FG200FT92######", "dell": "%%%%%%3", "hpe": "CZ2######%", "hp": "5CG1####%%",
    "moxa": "TAI%B10#####", "apc": "AS19#######", "eaton": "GA##M#####", "zebra": "18J##41#####",
    "cognex": "1A##25PP######", "keyence": "##D#####", "axis": "ACCC8E&&&&&&",
    "br-automation": "D4##0168####", "beckhoff": "000###22", "kuka": "95####", "fanuc": "E-##@###",
    "belden": "942###00204041####", "hms": "20##-00##-24", "ifm": "0000005####", "turck": "4#######",
    "videojet": "19####C18ZH", "mettler-toledo": "B9########", "synology": "21#0SWR#####",
    "meinberg": "0301100#####", "phoenix-contact": "30##1#####", "pilz": "1###47-##", "abb": "41##W#####",
    "hexagon": "CMM-09##",
}  # fmt: skip

MAC_PREFIXES = {
    "siemens": "28:63:36", "rockwell": "00:1D:9C", "cisco": "00:1B:54", "fortinet": "90:6C:AC",
    "dell": "18:66:DA", "hpe": "94:18:82", "hp": "3C:52:82", "moxa": "00:90:E8", "apc": "00:C0:B7",
    "eaton": "00:20:85", "zebra": "00:15:70", "cognex": "00:D0:24", "keyence": "00:01:FC",
    "axis": "AC:CC:8E", "br-automation": "00:60:65", "beckhoff": "00:01:05", "belden": "00:80:63",
    "ifm": "00:02:01", "turck": "00:07:46", "microsoft": "00:50:56", "red-hat": "00:50:56",
    "phoenix-contact": "A8:74:1D", "synology": "00:11:32", "meinberg": "00:13:95",
    "hms": "00:30:11", "mettler-toledo": "00:E0:7C",
}  # fmt: skip

ITEM_CLASSES = (
    ("line-control", "Line control", "system", "adjustments", ""),
    ("virtualisation-platform", "Virtualisation platform", "system", "stack-2", ""),
    ("wlan-controller", "Wireless controller", "asset", "wifi", ""),
    ("time-server", "Time server", "asset", "clock", ""),
    ("coordinate-measuring-machine", "Coordinate measuring machine", "asset", "ruler-measure", ""),
    (
        "cnc-controller",
        "CNC control",
        "asset",
        "tool",
        '{"type": "object", "properties": {"controlled_axes": {"type": "integer", "minimum": 1},'
        ' "spindle_power_kw": {"type": "number", "minimum": 0}}, "additionalProperties": false}',
    ),
)
