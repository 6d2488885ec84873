"""The fields of a posted form, for routes whose fields follow from a definition."""

from dataclasses import dataclass

from fastapi import Request


@dataclass(frozen=True, slots=True)
class Fields:
    """What was typed, as it was typed: nothing is lost when the form comes back."""

    items: tuple[tuple[str, str], ...]

    def one(self, name: str) -> str:
        """The text of a field without the space around it; empty when it was not sent."""
        return next((value.strip() for key, value in self.items if key == name), "")

    def every(self, name: str) -> tuple[str, ...]:
        """Every value of a field that can have several, such as tick boxes."""
        return tuple(value for key, value in self.items if key == name)


async def posted(request: Request) -> Fields:
    """The fields of the form in this request: `fields: Annotated[Fields, Depends(posted)]`."""
    form = await request.form()
    return Fields(tuple((name, value) for name, value in form.multi_items() if isinstance(value, str)))
