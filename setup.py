"""The examples go into the wheel as genbo/examples, for `genbo demo`, and the font of the documents as genbo/fonts.

Everything else about the package stands in pyproject.toml. An editable install reads both where they are.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

FONT = Path("node_modules") / "@expo-google-fonts" / "noto-sans-jp"
"""Noto Sans JP, under the SIL Open Font License 1.1; npm brings it (`make setup`)."""
FONT_FILES = {
    "400Regular/NotoSansJP_400Regular.ttf": "NotoSansJP_400Regular.ttf",
    "700Bold/NotoSansJP_700Bold.ttf": "NotoSansJP_700Bold.ttf",
    "LICENSE_FONT": "OFL.txt",
}


class BuildWithExamplesAndFont(build_py):
    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        package = Path(self.build_lib) / "genbo"
        shutil.copytree("examples", package / "examples", dirs_exist_ok=True)
        fonts = package / "fonts"
        fonts.mkdir(parents=True, exist_ok=True)
        for source, name in FONT_FILES.items():
            if not (FONT / source).is_file():
                raise SystemExit(f"{FONT / source} is missing: run `make setup` first")
            shutil.copy(FONT / source, fonts / name)


setup(cmdclass={"build_py": BuildWithExamplesAndFont})
