"""How a key service says no: one fault for what is wrong with it, another for a key that does not open."""

from genbo.kernel import Fault, Reason


def unavailable(service: str, problem: str, remedy: str) -> Fault:
    """The service is away, or refuses. Neither a token nor an answer of the service is in it."""
    return Fault(Reason.KEY_SERVICE_UNAVAILABLE, service=service, problem=problem, remedy=remedy)


def tampered(name: str) -> Fault:
    """A wrapped key was changed, or belongs to another owner."""
    return Fault(Reason.INVARIANT_BROKEN, problem=f"the data key of {name} was tampered with")
