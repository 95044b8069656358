"""Settings: read once, refused early, explained."""

from __future__ import annotations

from pathlib import Path

import pytest

from interviewer.errors import SettingError
from interviewer.settings import load_settings
from interviewer.store.places import database_at


def test_the_defaults_serve_one_person_on_loopback_without_a_key() -> None:
    """Nothing needs to be set."""
    settings = load_settings({})
    assert settings.host == "127.0.0.1"
    assert settings.model == ""
    assert settings.bank_dir.is_dir()
    assert settings.prompts_dir.is_dir()


def test_the_command_line_wins_over_the_environment() -> None:
    """And what is not given falls back to it."""
    settings = load_settings({"INTERVIEWER_PORT": "9000", "INTERVIEWER_HOST": "localhost"}, port=9001, host=None)
    assert (settings.port, settings.host) == (9001, "localhost")


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"INTERVIEWER_PROT": "1"}, "Unknown setting INTERVIEWER_PROT. Did you mean INTERVIEWER_PORT"),
        ({"INTERVIEWER_XYZZY": "1"}, "docs/operating.md"),
        ({"INTERVIEWER_PORT": "http"}, "INTERVIEWER_PORT"),
        ({"INTERVIEWER_PORT": "70000"}, "65535"),
        ({"INTERVIEWER_HOST": "0.0.0.0"}, "INTERVIEWER_TRUSTED_HOSTS"),
        ({"INTERVIEWER_TRUSTED_PROXIES": "*"}, "neither an address nor a network"),
        ({"INTERVIEWER_TRUSTED_PROXIES": "10.0.0.1, proxy"}, "proxy is neither"),
        ({"INTERVIEWER_ANSWERS_PER_MINUTE": "-1"}, "INTERVIEWER_ANSWERS_PER_MINUTE"),
        ({"INTERVIEWER_MODEL": "m"}, "OPENAI_API_KEY nor OPENAI_BASE_URL"),
        ({"OPENAI_API_KEY_FILE": "/does/not/exist"}, "OPENAI_API_KEY_FILE"),
        ({"INTERVIEWER_MODEL_PAUSE_S": "900"}, "INTERVIEWER_MODEL_LONGEST_PAUSE_S is shorter"),
        ({"INTERVIEWER_MODEL_FAILURES": "0"}, "INTERVIEWER_MODEL_FAILURES"),
        ({"INTERVIEWER_MODEL_PRICE_IN": "1"}, "INTERVIEWER_MODEL_PRICE_OUT is missing beside the other price"),
        ({"INTERVIEWER_MODEL_PRICE_IN": "-1", "INTERVIEWER_MODEL_PRICE_OUT": "1"}, "greater than or equal to 0"),
        ({"INTERVIEWER_MODEL_PRICE_IN": "nan", "INTERVIEWER_MODEL_PRICE_OUT": "1"}, "finite"),
        ({"INTERVIEWER_MODEL_CURRENCY": "euro"}, "INTERVIEWER_MODEL_CURRENCY"),
        ({"INTERVIEWER_MODEL_COST_PER_DAY": "2"}, "set INTERVIEWER_MODEL_PRICE_IN and INTERVIEWER_MODEL_PRICE_OUT"),
        ({"INTERVIEWER_MODEL_TOKENS_PER_INTERVIEW": "4000"}, "leaves no room for one reply"),
        (
            {
                "INTERVIEWER_MODEL_COST_PER_INTERVIEW": "0.004",
                "INTERVIEWER_MODEL_PRICE_IN": "0",
                "INTERVIEWER_MODEL_PRICE_OUT": "1",
            },
            "does not pay for one reply",
        ),
        ({"INTERVIEWER_MODEL_CONCURRENCY": "0"}, "INTERVIEWER_MODEL_CONCURRENCY"),
    ],
)
def test_a_setting_that_cannot_be_right_is_refused_with_advice(environ: dict[str, str], message: str) -> None:
    """Unknown, malformed, unsafe."""
    with pytest.raises(SettingError) as caught:
        load_settings(environ)
    assert message in str(caught.value)


def test_a_secret_may_come_from_a_file_and_is_never_printed(tmp_path: Path) -> None:
    """As Docker hands them out."""
    (tmp_path / "key").write_text("sk-secret\n", encoding="utf-8")
    settings = load_settings({"OPENAI_API_KEY_FILE": str(tmp_path / "key"), "INTERVIEWER_MODEL": "m"})
    assert settings.openai_api_key
    assert settings.openai_api_key.get_secret_value() == "sk-secret"
    assert "sk-secret" not in repr(settings)
    with pytest.raises(SettingError) as caught:
        load_settings({"OPENAI_API_KEY": "sk-secret", "INTERVIEWER_PORT": "x"})
    assert "sk-secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["sqlite:////tmp/here.sqlite3", "sqlite:///data/here.sqlite3", "postgresql:///local"])
def test_the_address_of_a_database_is_taken_as_it_is_written(url: str) -> None:
    """Every slash of it."""
    assert load_settings({"INTERVIEWER_DATABASE_URL": url}).kept_at == url


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://anna:tanger{}ine@host/name",
        "postgresql://anna:tanger{}ine@host:port/name",
        "postgresql://host/name?user=anna&password=tanger{}ine&sslmode=require",
        "postgres:/anna:tanger{}ine@host/name",
    ],
)
@pytest.mark.parametrize("sign", ["", "@", "/", "#", "?", "[", "]", "\u2100", ":", "%"])
@pytest.mark.parametrize("beside", [{}, {"INTERVIEWER_DATABASE_PASSWORD": "tangerine"}])
def test_a_slip_in_the_address_of_the_database_does_not_tell_its_password(
    url: str, sign: str, beside: dict[str, str]
) -> None:
    """Neither the message of what cannot be read, nor the name of what can."""
    try:
        told = database_at(load_settings({"INTERVIEWER_DATABASE_URL": url.format(sign)} | beside).kept_at).shown
    except SettingError as error:
        told = str(error)
    assert "tanger" not in told
    assert "ine" not in told.replace("line", "")
