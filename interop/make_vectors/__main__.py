"""Writes vectors/identity, vectors/channel, vectors/line and vectors/bundle from fixed keys and times, by spec/ alone. Called by hand only:

    venv/bin/python interop/make_vectors

ML-DSA signatures are hedged (FIPS 204 section 3.4), so each run writes other cards; what the tests compare with changes
only when somebody runs this. The files are checked by `check_vectors.py` and by the tests in Rust.
"""

import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import bodies  # noqa: E402
import bundles  # noqa: E402
import cards  # noqa: E402
import charters  # noqa: E402
import frames  # noqa: E402
import lines  # noqa: E402
import openings  # noqa: E402

VECTORS = ROOT.parent / "vectors"


def write(folder, name, data, value):
    """A vector, and beside it its file if it has one."""
    directory = VECTORS / folder
    directory.mkdir(parents=True, exist_ok=True)
    if data is not None:
        value["file"] = f"{name}.{'line' if value['object'] in ('offer', 'answer') else value['object']}"
        (directory / value["file"]).write_bytes(data)
    (directory / f"{name}.json").write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def main():
    for make in (cards, charters, openings):
        for name, data, value in make.valid():
            write("identity/valid", name, data, value)
        for name, data, value in make.invalid():
            write("identity/invalid", name, data, value)
    for folder, make in (("channel", frames), ("channel", bodies), ("line", lines), ("bundle", bundles)):
        for name, value in make.valid():
            write(f"{folder}/valid", name, None, value)
        for name, value in make.invalid():
            write(f"{folder}/invalid", name, None, value)
    corpus = ROOT.parent / "fuzz" / "corpus" / "line"
    corpus.mkdir(parents=True, exist_ok=True)
    for name, value in [*lines.valid(), *lines.invalid()]:
        (corpus / name).write_bytes(bytes.fromhex(value["bytes"]))


if __name__ == "__main__":
    main()
