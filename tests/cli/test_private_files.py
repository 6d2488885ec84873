"""What a child of `handrail up` writes is for its owner, whatever directory it is given."""

import asyncio
import stat
from pathlib import Path

from handrail.embedded.child import Child


def test_what_a_child_writes_is_for_its_owner_only(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)

    async def write() -> None:
        child = await Child.start("A child", ["touch", str(tmp_path / "written")], tmp_path / "child.log")
        await child.wait()

    asyncio.run(write())
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert modes == {"written": 0o600, "child.log": 0o600}
