"""The kinds of machine a line is made of: their drives, remote I/O and what else they carry."""

from __future__ import annotations

from typing import NamedTuple


class Machine(NamedTuple):
    """One machine; `others` are (product key, what it does)."""

    name: str
    drives: tuple[str, ...]
    stations: tuple[str, ...]
    others: tuple[tuple[str, str], ...] = ()
    stops_line: bool = True


MACHINES: dict[str, Machine] = {
    # beverage filling
    "blow": Machine("blow moulder", ("preform infeed", "oven chain", "blow wheel", "transfer stars"),
                    ("heater bank", "valve terminal"),
                    (("al1102", "pressure and temperature sensors"), ("insight", "preform inspection"))),
    "filler": Machine("filler and capper", ("filler carousel", "capper turret", "infeed screw", "discharge conveyor"),
                      ("filling valves", "product tank", "cap sorter"),
                      (("al1102", "flow and level sensors"), ("insight", "fill level and cap inspection"))),
    "aseptic": Machine("aseptic filler", ("filler carousel", "capper turret", "sterile air fan", "rinser wheel", "infeed screw"),
                       ("filling valves", "peroxide dosing", "sterile tank"),
                       (("al1102", "sterile zone pressure sensors"), ("insight", "seal inspection"))),
    "can": Machine("filler and seamer", ("filler carousel", "seamer", "can infeed", "discharge conveyor"),
                   ("filling valves", "seamer lubrication"),
                   (("al1102", "seam monitor sensors"), ("cvx", "can end inspection"))),
    "depal": Machine("depalletiser", ("layer lift", "sweep-off", "pallet conveyor"), ("layer table",)),
    "label": Machine("labeller", ("carousel", "label unit 1", "label unit 2"), ("container guide",),
                     (("dataman", "label code check"), ("vj1580", "date coder"))),
    "pack": Machine("shrink packer", ("lane divider", "film unwinder", "tunnel conveyor"), ("shrink tunnel",),
                    (("dataman", "pack code reader"), ("c33", "checkweigher"))),
    "crate": Machine("crate washer and packer", ("washer conveyor", "gripper head", "crate conveyor"), ("washer pumps",),
                     (("dataman", "crate logo reader"),)),
    "conv": Machine("container conveyors", ("accumulation table", "conveyor 1", "conveyor 2", "conveyor 3"), ("conveyor section",), (), False),
    "blend": Machine("blender", ("syrup pump", "water pump", "mixing pump"), ("dosing skid", "valve matrix"),
                     (("al1102", "brix and CO2 meters"), ("ind780", "batch tank weighing"))),
    "sugar": Machine("sugar dissolver", ("screw conveyor", "agitator"), ("dissolver tank",), (("ind780", "silo weighing"),)),
    "cip": Machine("CIP station", ("supply pump", "return pump"), ("caustic tank", "valve matrix"), (("al1102", "conductivity meters"),), False),
    "robot": Machine("palletising robot", ("pallet conveyor", "slip-sheet magazine"), ("gripper",), (("r30ib", "layer robot"), ("dataman", "pallet label check"))),
    "wrap": Machine("stretch wrapper", ("turntable", "film carriage"), ("wrapper",), (("zt411", "pallet label applicator"),)),
    "crane": Machine("stacker crane", ("travel drive", "hoist drive", "fork drive"), ("crane cabin",), (("dataman", "position reader"),)),
    "dispatch": Machine("dispatch conveyor", ("conveyor loop", "lift", "transfer car"), ("lane sensors",),
                        (("dataman", "SSCC tunnel reader"), ("zt411", "dispatch label printer"))),
    # utilities
    "comp": Machine("compressor station", ("compressor 1", "compressor 2"), ("dryer",), (("mgate", "energy meters"),), False),
    "water": Machine("treatment", ("raw water pump", "reverse osmosis pump"), ("filter bank",), (("al1102", "conductivity meters"),), False),
    "cool": Machine("refrigeration plant", ("ammonia compressor", "glycol pump"), ("condenser",), (("mgate", "energy meters"),), False),
    "cold-water": Machine("cooling water plant", ("cooling tower fan", "circulation pump"), ("basin",), (("mgate", "energy meters"),), False),
    # metal parts
    "coil": Machine("decoiler and straightener", ("decoiler", "straightener", "loop control"), ("coil car",), (("dataman", "coil label reader"),)),
    "press": Machine("transfer press", ("main drive", "slide adjustment", "cushion pump", "transfer axis 1", "transfer axis 2"),
                     ("die clamping", "lubrication", "die protection"),
                     (("tben", "press force sensors"), ("tben", "die protection sensors"))),
    "stack": Machine("end-of-line stacker", ("exit belt", "rack turntable"), ("rack station",), (("krc5", "rack loading robot"), ("cvx", "surface inspection"))),
    "weld": Machine("welding cell", ("turntable", "part conveyor"), ("fixture clamps", "weld timer"),
                    (("krc4", "welding robot 1"), ("krc4", "welding robot 2"), ("tben", "part presence sensors"))),
    "handle": Machine("handling cell", ("lift table",), ("gripper changer",), (("krc4", "handling robot"), ("dataman", "part code reader"))),
    "check": Machine("weld inspection cell", ("indexing table",), ("inspection fixture",), (("cvx", "weld seam inspection"), ("krc5", "gauging robot"))),
    "mill": Machine("machining centre", ("chip conveyor",), ("coolant unit",), (("cnc-840d", "CNC"), ("tben", "tool sensors"))),
    "turn": Machine("turning centre", ("bar feeder",), ("coolant unit",), (("cnc-31i", "CNC"),)),
    "gantry": Machine("gantry loader", ("gantry axis", "part conveyor"), ("pallet station",), (("dataman", "part code reader"),)),
    "wash": Machine("pre-treatment", ("spray pump 1", "spray pump 2", "overhead conveyor"), ("degreasing zone", "phosphating zone"), (("al1102", "bath conductivity meters"),)),
    "ecoat": Machine("e-coat tank", ("circulation pump", "hoist 1", "hoist 2"), ("rectifier", "tank"), (("al1102", "bath temperature sensors"),)),
    "oven": Machine("curing oven", ("circulation fan", "exhaust fan"), ("burner",), (("al1102", "oven temperature sensors"),)),
    "station": Machine("assembly station", ("screw spindle", "press-in axis"), ("fixture",), (("dataman", "part code reader"), ("tben", "torque and presence sensors"))),
    "eol": Machine("end-of-line test", ("test spindle",), ("test bench",), (("insight", "completeness check"), ("zt411", "part label printer"))),
}  # fmt: skip
