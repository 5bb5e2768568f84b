"""What is aimed at, and whether it is met."""

CONNECTIONS = 32
"""Over how many connections, of those that were measured the nearest number, targets of throughput are judged."""


def judged(results):
    """Rows of the target, what was measured, and whether that meets it."""
    rows = []

    def judge(target, measured, is_met):
        rows.append([target, measured, "yes" if is_met else "**no**"])

    for one in results.starts:
        if one.place == "file, new":
            first = one.first.middle
            judge("start to first answer, in a new file: 15 ms at most", f"{first:.1f} ms", first <= 15)
            judge("memory at rest: 16 MiB at most", f"{one.idle:.1f} MiB", one.idle <= 16)
    judge("the program: 12 MB at most", f"{results.size:.1f} MB", results.size <= 12)
    _throughput(results.speed.get("file", []), judge)
    _growth(results, judge)
    return rows


def _throughput(rows, judge):
    if not rows:
        return
    nearest = min({row.connections for row in rows}, key=lambda number: abs(number - CONNECTIONS))
    found = {(row.operation, row.mode): row for row in rows if row.connections == nearest and row.ratio}
    least = {"AWS DescribeInstance": 0.40, "Huawei Cloud GetSsoConfiguration": 0.40, "AWS CreateInstance": 0.10}
    for (operation, mode), row in found.items():
        if mode == "lenient" and operation in least:
            ratio = row.ratio.middle
            target = f"{operation}, in a file, over {nearest} connections: {least[operation]:.2f} of /healthz"
            judge(target, f"{ratio:.3f}", ratio >= least[operation])
    for (operation, mode), row in found.items():
        if mode == "strict":
            ratio = row.ratio.middle / found[operation, "lenient"].ratio.middle
            judge(f"{operation}, over {nearest} connections: strict 0.8 of lenient", f"{ratio:.2f}", ratio >= 0.8)


def _growth(results, judge):
    if not results.growth:
        return
    least, most = results.growth[0].rows, results.growth[-1].rows
    for operation, cost in results.growth[-1].of.items():
        rate, p99 = cost.rate_ratio.middle, cost.p99_ratio.middle
        target = f"{operation.name}, {most:,} rows: throughput and p99 within 1.25 of those at {least:,}"
        judge(target, f"{rate:.2f} and {p99:.2f}", rate >= 1 / 1.25 and p99 <= 1.25)
    peak = results.growth[-1].peak
    judge(f"memory at {most:,} rows: 64 MiB at most", f"{peak:.1f} MiB", peak <= 64)
