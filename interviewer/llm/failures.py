"""What goes wrong behind the door -> ModelError, in words of our own."""

from __future__ import annotations

import json

from interviewer.domain import UngradedReason
from interviewer.errors import ModelError
from interviewer.llm.retry_after import LAST, retry_after_s

_ADVICE = {
    UngradedReason.REFUSAL: "The model declined to mark this answer.",
    UngradedReason.TIMED_OUT: "The model took too long: try again, or raise INTERVIEWER_MODEL_TIMEOUT_S.",
    UngradedReason.TRUNCATED: "The model's reply broke off: try again, or raise INTERVIEWER_MODEL_MAX_TOKENS.",
    UngradedReason.UNREACHABLE: "The model server cannot be reached: check that it runs, and OPENAI_BASE_URL.",
    UngradedReason.UNREADABLE: "The model server sent no chat completion: check OPENAI_BASE_URL, often it ends in /v1.",
}
_BY_STATUS = {
    401: (UngradedReason.REFUSED_KEY, True, "check OPENAI_API_KEY"),
    403: (UngradedReason.REFUSED_KEY, True, "check that the key may use this model"),
    404: (UngradedReason.REJECTED, True, "check INTERVIEWER_MODEL and OPENAI_BASE_URL"),
    408: (UngradedReason.TIMED_OUT, False, "try again"),
    409: (UngradedReason.SERVER_ERROR, False, "try again"),
    429: (UngradedReason.RATE_LIMITED, False, "try again later"),
}


def model_error(error: Exception) -> ModelError:
    """What an error of the SDK, its transport or a reply's shape means to us."""
    import openai

    known: dict[type[Exception], UngradedReason] = {
        TimeoutError: UngradedReason.TIMED_OUT,
        openai.APITimeoutError: UngradedReason.TIMED_OUT,
        openai.APIConnectionError: UngradedReason.UNREACHABLE,
        OSError: UngradedReason.UNREACHABLE,
        openai.LengthFinishReasonError: UngradedReason.TRUNCATED,
        openai.ContentFilterFinishReasonError: UngradedReason.REFUSAL,
        openai.APIResponseValidationError: UngradedReason.UNREADABLE,
        json.JSONDecodeError: UngradedReason.UNREADABLE,
    }
    if isinstance(error, openai.APIStatusError):
        return _of_status(error.status_code, error.code, retry_after_s(error.response.headers))
    for kind, reason in known.items():
        if isinstance(error, kind):
            return ModelError(reason, _ADVICE[reason], retry_after_s=LAST.get())
    if isinstance(error, openai.APIError):  # an error event in a stream that began with status 200
        status = int(error.code) if error.code and error.code.isdecimal() else 500
        return _of_status(429 if error.code == "rate_limit_exceeded" else status, error.code)
    return ModelError(UngradedReason.BROKEN, f"Asking the model failed with {type(error).__name__}: see the log.")


def failure(reason: UngradedReason) -> ModelError:
    """The error of a reason that has one thing to say."""
    return ModelError(reason, _ADVICE[reason])


def _of_status(status: int, code: str | None, wait_s: float | None = None) -> ModelError:
    if code == "content_filter":
        return failure(UngradedReason.REFUSAL)
    if code == "insufficient_quota":
        return ModelError(
            UngradedReason.RATE_LIMITED, "The key's quota is used up: top it up.", permanent=True, retry_after_s=wait_s
        )
    unknown = (UngradedReason.REJECTED, True, "look at the model server's log")
    if status >= 500:
        unknown = (UngradedReason.SERVER_ERROR, False, "try again")
    reason, permanent, advice = _BY_STATUS.get(status, unknown)
    message = f"The model server answered {status}: {advice}."
    return ModelError(reason, message, permanent=permanent, retry_after_s=wait_s)
