"""X12 interchanges written by the tests, with right counts unless a test asks for wrong ones."""

from collections.abc import Sequence

Elements = Sequence[str]


def isa(element: str = "*", component: str = ">", version: str = "00401", eleven: str = "U") -> str:
    """The ISA segment without its terminator; every element has its fixed width."""
    values = (
        *("00", " " * 10, "00", " " * 10, "ZZ", "VENDOR".ljust(15), "ZZ", "BUYER".ljust(15)),
        *("260301", "1200", eleven, version, "000000007", "0", "P", component),
    )
    return element.join(("ISA", *values))


def interchange(
    *transactions: Sequence[Elements],
    element: str = "*",
    component: str = ">",
    segment: str = "~",
    version: str = "00401",
    eleven: str = "U",
) -> str:
    """One group of transactions; each is ST01 and its segments as lists of texts."""
    lines = [["GS", "PO", "VENDOR", "BUYER", "20260301", "1200", "7", "X", "004010"]]
    for number, (code, *body) in enumerate(transactions, start=1):
        lines.append(["ST", str(code), f"{number:04d}"])
        lines += [list(one) for one in body]
        lines.append(["SE", str(len(body) + 2), f"{number:04d}"])
    lines += [["GE", str(len(transactions)), "7"], ["IEA", "1", "000000007"]]
    texts = [isa(element, component, version, eleven), *(element.join(line) for line in lines)]
    return "".join(text + segment for text in texts)


def transaction(code: str, *segments: str) -> list[Elements | str]:
    """A transaction from segments written with stars."""
    return [code, *(one.split("*") for one in segments)]
