"""Finds the parts of a workbook in a ZIP archive.

A part may have any name; only the relationships of the workbook tell which part is which sheet.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Mapping
from xml.etree import ElementTree

LARGEST_XML = 2**24  # bytes of a part that is read whole


class Parts:
    """An archive whose parts are looked up as calamine does: ignoring case."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self._named = {
            info.filename.replace("\\", "/").casefold(): info for info in archive.filelist
        }

    def info(self, name: str) -> zipfile.ZipInfo:
        """Return the entry of a part.  Raises LookupError if there is no such part."""
        found = self._named.get(name.lstrip("/").casefold())
        if found is None:
            raise LookupError(f"it has no part {name}")
        return found

    def tree(self, name: str) -> ElementTree.Element:
        """Parse a part as XML.  Raises LookupError if it is missing or too long."""
        info = self.info(name)
        if info.file_size > LARGEST_XML:
            raise LookupError(f"its part {name} is too long")
        return ElementTree.fromstring(self.archive.read(info))  # noqa: S314 - expat stops bombs

    def workbook(self, usual: str) -> str:
        """Return the name of the part with the list of sheets."""
        try:
            targets = self._relations("", "_rels/.rels")
        except LookupError:
            return usual
        return next((part for kind, part in targets.values() if kind == "officeDocument"), usual)

    def targets(self, part: str) -> Mapping[str, str]:
        """Return the targets of a part's relationships, by id; empty if it has none."""
        folder, name = posixpath.split(part)
        try:
            found = self._relations(folder, posixpath.join(folder, "_rels", f"{name}.rels"))
        except LookupError:
            return {}
        return {key: target for key, (_, target) in found.items()}

    def of_kind(self, part: str, kind: str) -> list[str]:
        """Return the parts to which a part has a relationship of a kind."""
        folder, name = posixpath.split(part)
        try:
            found = self._relations(folder, posixpath.join(folder, "_rels", f"{name}.rels"))
        except LookupError:
            return []
        return [target for said, target in found.values() if said == kind]

    def _relations(self, folder: str, part: str) -> dict[str, tuple[str, str]]:
        """Return (kind, target) by id; a target in the archive is a name from its root."""
        found = {}
        for element in self.tree(part):
            target = element.get("Target", "").replace("\\", "/")
            if element.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = element.get("Type", "").rpartition("/")[2]
            found[element.get("Id", "")] = kind, target
        return found
