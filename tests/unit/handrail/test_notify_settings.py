import pytest

from handrail.settings import load_settings
from tests.notify import API_KEY, EMAIL_TEMPLATE, TEXT_TEMPLATE
from use_cases.errors import InputError
from workers.serving import NotifySettings, Serving, posts_of

KEY = {"HANDRAIL_NOTIFY_API_KEY": API_KEY}


def test_without_notify_nothing_of_it_is_needed() -> None:
    assert load_settings({}).notify.api_key is None


def test_a_key_is_kept_secret() -> None:
    """Neither shown with the settings, nor repeated when it is wrong."""
    settings = load_settings(KEY | {"HANDRAIL_NOTIFY_TEXT_TEMPLATE": TEXT_TEMPLATE})
    assert API_KEY not in repr(settings)
    with pytest.raises(InputError, match=r"notify\.api_key") as raised:
        load_settings({"HANDRAIL_NOTIFY_API_KEY": "too-short", "HANDRAIL_NOTIFY_TEXT_TEMPLATE": TEXT_TEMPLATE})
    assert "too-short" not in str(raised.value)


@pytest.mark.parametrize("half", [KEY, {"HANDRAIL_NOTIFY_EMAIL_TEMPLATE": EMAIL_TEMPLATE}])
def test_a_key_and_a_template_are_needed_together(half: dict[str, str]) -> None:
    with pytest.raises(InputError, match="a template for each channel"):
        load_settings(half)


def test_a_channel_goes_by_notify_when_it_has_a_template() -> None:
    """Text messages here; e-mail stays with nobody."""
    serving = Serving(database_url="sqlite://", notify=NotifySettings(api_key=API_KEY, text_template=TEXT_TEMPLATE))
    assert posts_of(serving).keys() == {"text message"}
