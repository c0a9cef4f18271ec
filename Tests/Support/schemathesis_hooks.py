"""The contract's limits that no schema can say; Scripts/conformance has rows for them."""
import schemathesis


def is_beyond_limits(value):
    """Whether a JSON value has NUL in a member's name or an integer of more than 64 bits."""
    if isinstance(value, dict):
        return any("\0" in name or is_beyond_limits(inner) for name, inner in value.items())
    if isinstance(value, list):
        return any(is_beyond_limits(inner) for inner in value)
    return isinstance(value, int) and not -(1 << 63) <= value < 1 << 63


@schemathesis.hook
def filter_case(context, case):
    """Only bodies within the limits; elsewhere NUL and large numbers are sent as they come."""
    return not is_beyond_limits(case.body)
