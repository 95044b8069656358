"""Settings under which nobody is limited, for tests and measurements that ask more than any person does."""

from __future__ import annotations

from typing import Any

LIMITS = (
    *("answers_per_minute", "drafts_per_minute", "starts_per_hour", "sign_ins_per_quarter_hour"),
    *("model_requests_per_hour", "files_per_minute", "streams_per_person", "people_per_address", "gradings_at_once"),
)
UNLIMITED: dict[str, Any] = dict.fromkeys(LIMITS, 0)
"""As arguments of `Settings`."""
UNLIMITED_ENVIRON = {f"INTERVIEWER_{name.upper()}": "0" for name in LIMITS}
"""As the environment of a server process."""
