"""NHS numbers: ten digits of which the last checks the others (NHS Data Dictionary, "NHS Number")."""

from nhs_number.standardise import standardise_format
from nhs_number.validate import is_valid

from records.errors import BadNhsNumberError


def standard_nhs_number(text: str) -> str:
    """The ten digits of an NHS number, written with or without spaces or hyphens.

    Raises:
        BadNhsNumberError: The form or the check digit is wrong.
    """
    digits = standardise_format(text) if text.isascii() else ""
    # Ten zeros have a right check digit, but were never anybody's number.
    if not is_valid(digits) or int(digits) == 0:
        raise BadNhsNumberError
    return digits
