"""Runs LibreOffice and Gnumeric without a window, to open and save files as a person would."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

PACKAGES = "libreoffice-calc, gnumeric"
WITHIN = 120  # seconds for one batch
# How LibreOffice numbers encodings, and how its text is to be opened: as UTF-8.
UTF_8, WINDOWS_1252, UTF_16 = 76, 1, 65535
OPEN_TEXT = f"--infilter=CSV:44,34,{UTF_8}"
SAVE_TEXT = "csv:Text - txt - csv (StarCalc):44,34"
LIBRE_OFFICE = {
    "XLSX": "xlsx:Calc MS Excel 2007 XML",
    "XLS": "xls:MS Excel 97",
    "ODS": "ods:calc8",
    "CSV, UTF-8": f"{SAVE_TEXT},{UTF_8}",
    "CSV, Windows-1252": f"{SAVE_TEXT},{WINDOWS_1252}",
    "CSV, UTF-16": f"{SAVE_TEXT},{UTF_16}",
}
GNUMERIC = {
    "XLSX": "Gnumeric_Excel:xlsx",
    "XLS": "Gnumeric_Excel:excel_biff8",
    "ODS": "Gnumeric_OpenCalc:odf",
    "CSV, UTF-8": "Gnumeric_stf:stf_csv",
}


def missing():
    """Why the programs cannot be run here; empty if they can."""
    absent = [name for name in ("soffice", "ssconvert") if shutil.which(name) is None]
    return f"{' and '.join(absent)} not found (Debian: {PACKAGES})" if absent else ""


def ending(wanted):
    """The ending of a file of this format."""
    return f".{wanted.partition(',')[0].lower()}"


def by_libre_office(files, wanted, folder):
    """Open files and save them in a format, into a folder.

    One process takes many files; text goes to a process of its own, because it must be told
    what encoding that is, as a person tells it in a dialog.
    """
    texts = [file for file in files if file.suffix == ".csv"]
    books = [file for file in files if file.suffix != ".csv"]
    with tempfile.TemporaryDirectory() as home:
        batches = [
            _begun(Path(home, name), "soffice", *options, "--headless", "--norestore",
                   "--convert-to", LIBRE_OFFICE[wanted], "--outdir", folder, *some)
            for name, options, some in (("texts", [OPEN_TEXT], texts), ("books", [], books))
        ]  # fmt: skip
        for batch in batches:
            _ended(batch)


def by_gnumeric(files, wanted, folder):
    """The same with Gnumeric, which takes one file at a time."""
    with tempfile.TemporaryDirectory() as home:
        for file in files:
            made = folder / f"{file.stem}{ending(wanted)}"
            _ended(_begun(Path(home), "ssconvert", "-T", GNUMERIC[wanted], file, made))


def _begun(home, program, *words):
    """Start a program that finds an empty home, and nothing of whoever runs the tests."""
    home.mkdir(exist_ok=True)
    own = [f"-env:UserInstallation={home.as_uri()}"] if program == "soffice" else []
    kept = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(home)}
    return subprocess.Popen(
        [program, *own, *map(str, words)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=kept, text=True,
    )  # fmt: skip


def _ended(process):
    """Wait for a program, which must succeed."""
    try:
        said, _ = process.communicate(timeout=WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    assert process.returncode == 0, said


SAVERS = {
    **{f"LibreOffice, {wanted}": (by_libre_office, wanted) for wanted in LIBRE_OFFICE},
    **{f"Gnumeric, {wanted}": (by_gnumeric, wanted) for wanted in GNUMERIC},
}
