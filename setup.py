"""Puts the top-level examples/ into the wheel as genbo/examples, for `genbo demo`.

Everything else about the package stands in pyproject.toml. An editable install reads the examples
where they are.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithExamples(build_py):
    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib) / "genbo" / "examples"
            shutil.copytree("examples", target, dirs_exist_ok=True)


setup(cmdclass={"build_py": BuildWithExamples})
