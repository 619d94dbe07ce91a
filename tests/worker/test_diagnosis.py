"""Each way in which a link fails has a sentence for the owner."""

import ssl

import pytest

from worker import diagnosis


@pytest.mark.parametrize(
    ("error", "refusal", "wrong"),
    [
        (OSError(113, "No route to host"), "", "ws://h/ cannot be reached: No route to host."),
        (TimeoutError(), "", "ws://h/ does not answer in time."),
        (ssl.SSLCertVerificationError(1, "expired"), "", "The encryption of ws://h/ fails: expired."),
        (
            Exception("Anvil fatal error"),
            "This app is currently down for maintenance.",
            "ws://h/ is down for maintenance.",
        ),
        (Exception("Anvil fatal error"), "Something new", "ws://h/ refuses this worker: Something new."),
        (RuntimeError("the drawing was answered 'a'"), "", "a photo did not come through: the drawing was answered"),
    ],
)
def test_every_failure_has_its_sentence(error: Exception, refusal: str, wrong: str) -> None:
    trouble = diagnosis.of_link(error, refusal, "ws://h/")
    assert wrong in str(trouble)
    assert trouble.fix.endswith(".")
