"""What may talk to what across the Purdue levels."""

#: The enterprise's levels, and those of the plant; 3.5 between them is the demilitarised zone.
BUSINESS, PLANT = frozenset({"4", "5"}), frozenset({"0", "1", "2", "3"})


def passes_by_dmz(one: str, other: str) -> bool:
    """Tell whether traffic between two levels joins business and plant without a stop in the DMZ (IEC 62443-3-3 SR 5.1).

    >>> passes_by_dmz("4", "2"), passes_by_dmz("4", "3.5"), passes_by_dmz("3.5", "3")
    (True, False, False)
    """
    return (one in BUSINESS and other in PLANT) or (one in PLANT and other in BUSINESS)


def falls_short(target: str, achieved: str) -> bool:
    """Tell whether one of the seven achieved security levels is below its target; what is not known does not count.

    >>> falls_short("2,2,2,1,2,1,3", "2,2,1,1,2,1,3"), falls_short("2,2,2,1,2,1,3", "")
    (True, False)
    """
    pairs = zip(target.split(","), achieved.split(","), strict=False)
    return any(reached and reached < wanted for wanted, reached in pairs)
