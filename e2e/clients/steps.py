"""What the walks of boto3 and of the aws CLI share: stations, waiting, comparing, the definitions."""

import pathlib
import time

HERE = pathlib.Path(__file__).parent
ROLE = "arn:aws:iam::000000000000:role/any"
ARN = "arn:aws:states:us-east-1:000000000000:"

_stations = []


def station(name):
    """Declares a function as the station of that name in stations.txt."""

    def declare(walk):
        _stations.append((name, walk))
        return walk

    return declare


def walk():
    """Goes to all stations in turn, and says each when it is done."""
    for name, function in _stations:
        function()
        print("station:", name, flush=True)


def definition(name):
    return (HERE / "machines" / f"{name}.asl.json").read_text()


def machine(name):
    return f"{ARN}stateMachine:{name}"


def equal(got, want):
    assert got == want, f"got {got!r}, want {want!r}"


def until(what, holds):
    """Asks again until the answer is true, and gives it."""
    end = time.monotonic() + 60
    while not (answer := holds()):
        assert time.monotonic() < end, f"waited a minute for: {what}"
        time.sleep(0.05)
    return answer
