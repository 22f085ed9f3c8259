//! The vectors, checked by a program in another language that knows the specification and none of our code.

use anyhow::{Result, bail};

use crate::{repo, run};

const CHECKER: &str = "interop/check_vectors.py";
const LIBRARIES: &str = "interop/requirements.txt";
/// Python's libraries, apart from the machine's own.
const VENV: &str = "target/interop";

/// Sets the libraries up and runs the checker.
pub fn take() -> Result<()> {
    // Debian's venv module is there without its package, and then can't make anything.
    if !run::answers(run::program("python3").args(["-c", "import ensurepip, venv"])) {
        bail!("there is no python3 with venv\n  do: apt-get install python3-venv");
    }
    let python = repo::root().join(VENV).join("bin/python");
    if !python.exists() {
        run::succeed(run::program("python3").args(["-m", "venv", VENV]))?;
    }
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ];
    run::succeed(
        run::program(&python)
            .args(pip)
            .args(["--requirement", LIBRARIES]),
    )?;
    run::succeed(run::program(&python).arg(CHECKER))
}
