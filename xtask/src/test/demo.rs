//! The demo as a test: it ends with success, and every line that it wrote is one JSON object.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::run;

/// Runs the binary's demo once.
pub fn take(binary: PathBuf) -> Result<()> {
    let written = run::output(run::program(binary).args(["demo", "--once", "--json"]))?;
    print!("{written}");
    let told = objects(&written)?;
    println!("{told} steps told");
    Ok(())
}

/// How many objects there are, one a line; none at all is an error.
fn objects(written: &str) -> Result<usize> {
    for (index, line) in written.lines().enumerate() {
        let value: Value = serde_json::from_str(line)
            .with_context(|| format!("line {} of the demo is not JSON: {line}", index + 1))?;
        if !value.is_object() {
            bail!("line {} of the demo is not an object: {line}", index + 1);
        }
    }
    match written.lines().count() {
        0 => bail!("the demo told nothing\n  do: target/release/openline demo --once"),
        number => Ok(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_demo_fails_and_so_does_one_that_prints_something_else() {
        assert!(objects("").is_err());
        assert!(
            objects("{}\nready\n")
                .unwrap_err()
                .to_string()
                .starts_with("line 2 ")
        );
        assert!(objects("7\n").is_err());
        assert_eq!(objects("{}\n{\"step\":1}\n").unwrap(), 2);
    }
}
