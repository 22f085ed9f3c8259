//! The demo's last act: both records verify and are equal; then one byte of a copy is changed, and the verifier
//! says where.

use std::path::{Path, PathBuf};

use super::flash::FLASH;
use super::party::Party;
use super::{Story, require};
use crate::api::types::Entry;
use crate::cli::failure::{Exit, Failure};
use crate::cli::output::{Finding, Record, Verification, Written};

/// Exports are repeated while a last receipt is still under way.
const TRIES: usize = 50;

impl Story<'_> {
    /// Proves the record, then breaks a copy of it.
    pub(super) async fn prove(&mut self, flash: &Entry) -> Result<(), Failure> {
        self.screen.step("record", "demo-record").await?;
        let record = self.equal_records()?;
        let digest = record.digest.unwrap_or_default();
        require(!digest.is_empty(), "digest")?;
        let blanks = [
            ("entries", record.entries.into()),
            ("digest", digest.chars().take(16).collect::<String>().into()),
        ];
        self.screen.claim("demo-record-equal", &blanks)?;

        self.screen.step("forgery", "demo-forgery").await?;
        let copy = self.forge()?;
        let output = self.moscow.output(&["verify".as_ref(), copy.as_ref()])?;
        require(
            output.status.code() == Some(i32::from(Exit::VerificationFailed as u8)),
            "exit code",
        )?;
        let found: Option<Verification> = serde_json::from_slice(&output.stdout).ok();
        let finding = found.and_then(|found| at(found, flash));
        require(finding.is_some(), "finding")?;
        self.name_it(finding)
    }

    fn equal_records(&self) -> Result<Record, Failure> {
        for _ in 0..TRIES {
            let (one, other) = (
                self.verified(&self.washington)?,
                self.verified(&self.moscow)?,
            );
            if one.digest == other.digest {
                return Ok(one);
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        require(false, "equal records").and_then(|()| self.verified(&self.washington))
    }

    /// A party's record, exported and verified from the file alone.
    fn verified(&self, party: &Party) -> Result<Record, Failure> {
        let path = self.exported(party);
        // The try before this one left its record, and none is written over another.
        let _ = std::fs::remove_file(&path);
        let _: Written = party.run(&["export".as_ref(), "--output".as_ref(), path.as_ref()])?;
        let found: Verification = party.run(&["verify".as_ref(), path.as_ref()])?;
        let record = found
            .records
            .into_iter()
            .next()
            .filter(|record| record.sound);
        record
            .ok_or_else(|| Failure::new(Exit::Failed, "error-demo-not-true").with("claim", "sound"))
    }

    fn exported(&self, party: &Party) -> PathBuf {
        self.directory.join(format!("{}.olr", party.role.folder))
    }

    /// A copy of Washington's record in which one letter of the FLASH is another one.
    fn forge(&self) -> Result<PathBuf, Failure> {
        let original = self.exported(&self.washington);
        let copy = self.directory.join("forged.olr");
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |error: std::io::Error| Failure::file(&path, &error)
        };
        let mut bytes = std::fs::read(&original).map_err(failed(&original))?;
        let text = FLASH.as_bytes();
        let place = bytes.windows(text.len()).position(|window| window == text);
        require(place.is_some(), "the text stands in the record")?;
        if let Some(byte) = place.and_then(|place| bytes.get_mut(place)) {
            *byte ^= 1;
        }
        std::fs::write(&copy, bytes).map_err(failed(&copy))?;
        Ok(copy)
    }

    fn name_it(&mut self, finding: Option<Finding>) -> Result<(), Failure> {
        let Some(finding) = finding else {
            return Ok(());
        };
        let is_named = finding.field == "body" && finding.stream.as_deref() == Some("urgent");
        require(
            is_named,
            "the changed letter stands in the body of an urgent entry",
        )?;
        let sequence = finding.sequence.unwrap_or_default();
        self.screen
            .claim("demo-forgery-found", &[("sequence", sequence.into())])
    }
}

/// The finding that names the place of an entry.
fn at(found: Verification, entry: &Entry) -> Option<Finding> {
    let findings = found.records.into_iter().flat_map(|record| record.findings);
    let is_there = |finding: &Finding| {
        finding.party.as_ref() == Some(&entry.author.party)
            && finding.boot.as_ref() == Some(&entry.author.boot)
            && finding.stream.as_ref() == Some(&entry.stream)
            && finding.sequence == Some(entry.sequence)
    };
    findings.into_iter().find(is_there)
}
