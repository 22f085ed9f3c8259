//! The demo's first act: two parties, their cards, one safety number, an open line.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::party::Party;
use super::talk::line_where;
use super::{Story, require};
use crate::cli::failure::Failure;
use crate::cli::output::{CardFile, Made, Opening, Written};

/// A charter with fast cadences, so that a silence is noticed within the reader's patience.
const CHARTER: &str = include_str!("charter.toml");

impl Story<'_> {
    /// From nothing to an open line.
    pub(super) async fn open(&mut self) -> Result<(), Failure> {
        self.make_parties().await?;
        let number = self.exchange_cards().await?;
        self.sign_charter(&number).await?;
        self.start_stations().await
    }

    async fn make_parties(&mut self) -> Result<(), Failure> {
        self.screen.step("parties", "demo-parties").await?;
        let (washington, moscow) = (make(&self.washington)?, make(&self.moscow)?);
        require(washington.party != moscow.party, "parties")?;
        let blanks = [
            ("washington", short(&washington.party).into()),
            ("moscow", short(&moscow.party).into()),
        ];
        self.screen.claim("demo-parties-keys", &blanks)
    }

    /// Each side computes the number from its own home and the other's card.
    async fn exchange_cards(&mut self) -> Result<String, Failure> {
        self.screen.step("cards", "demo-cards").await?;
        let (washingtons, moscows) = (self.card_of(&self.washington)?, self.card_of(&self.moscow)?);
        let at_washington: CardFile =
            self.washington
                .run(&["card".as_ref(), "show".as_ref(), moscows.as_ref()])?;
        let at_moscow: CardFile =
            self.moscow
                .run(&["card".as_ref(), "show".as_ref(), washingtons.as_ref()])?;
        let number = at_washington.safety_number.unwrap_or_default();
        require(
            !number.is_empty() && at_moscow.safety_number.as_ref() == Some(&number),
            "cards",
        )?;
        self.screen.claim_of("demo-cards-number", &number)?;
        Ok(number)
    }

    fn card_of(&self, party: &Party) -> Result<PathBuf, Failure> {
        let path = self.directory.join(format!("{}.card", party.role.folder));
        let _: Written = party.run(&["card".as_ref(), "export".as_ref(), path.as_ref()])?;
        Ok(path)
    }

    /// Three files go back and forth by hand; both sides name the number that they compared.
    async fn sign_charter(&mut self, number: &str) -> Result<(), Failure> {
        self.screen.step("charter", "demo-charter").await?;
        let charter = self.directory.join("charter.toml");
        std::fs::write(&charter, CHARTER).map_err(|error| Failure::file(&charter, &error))?;
        let offer = self.directory.join("to-moscow.line");
        let answer = self.directory.join("to-washington.line");
        let card = self.directory.join("moscow.card");
        let _: Opening = self.washington.run(&open_arguments(
            &card,
            &charter,
            &self.washington.address,
            &offer,
        ))?;
        let accepted: Opening = self.moscow.run(&accept_arguments(
            &offer,
            &self.moscow.address,
            &answer,
            number,
        ))?;
        let finished: Opening = self.washington.run(&finish_arguments(&answer, number))?;
        require(
            accepted.charter.digest == finished.charter.digest,
            "charter",
        )?;
        require(accepted.line == finished.line, "charter")?;
        self.screen.claim("demo-charter-signed", &[])?;
        self.screen.claim("demo-charter-tapes", &[])
    }

    async fn start_stations(&mut self) -> Result<(), Failure> {
        self.screen.step("open", "demo-open").await?;
        let (one, other) = (
            self.washington.start_station()?,
            self.moscow.start_station()?,
        );
        require(one != other, "two processes")?;
        let pids = [("washington", one.into()), ("moscow", other.into())];
        self.screen.claim("demo-open-processes", &pids)?;
        let line = line_where(&self.washington, |line| line.verdict == "open").await?;
        line_where(&self.moscow, |line| line.verdict == "open").await?;
        let compared = line.number_compared;
        require(compared.ours && compared.theirs, "open")?;
        self.screen.claim("demo-open-verdict", &[])?;
        require(line.epoch > 0, "sealed")?;
        self.screen.claim("demo-open-sealed", &[])
    }
}

fn make(party: &Party) -> Result<Made, Failure> {
    let role = party.role;
    party.run(&[
        "init".as_ref(),
        "--name".as_ref(),
        role.name.as_ref(),
        "--name-ru".as_ref(),
        role.name_ru.as_ref(),
    ])
}

fn open_arguments<'a>(
    card: &'a Path,
    charter: &'a Path,
    address: &'a str,
    offer: &'a Path,
) -> [&'a OsStr; 10] {
    [
        "line".as_ref(),
        "open".as_ref(),
        "--with".as_ref(),
        card.as_ref(),
        "--charter".as_ref(),
        charter.as_ref(),
        "--reachable-at".as_ref(),
        address.as_ref(),
        "--output".as_ref(),
        offer.as_ref(),
    ]
}

fn accept_arguments<'a>(
    offer: &'a Path,
    address: &'a str,
    answer: &'a Path,
    number: &'a str,
) -> [&'a OsStr; 9] {
    [
        "line".as_ref(),
        "accept".as_ref(),
        offer.as_ref(),
        "--reachable-at".as_ref(),
        address.as_ref(),
        "--output".as_ref(),
        answer.as_ref(),
        "--safety-number".as_ref(),
        number.as_ref(),
    ]
}

fn finish_arguments<'a>(answer: &'a Path, number: &'a str) -> [&'a OsStr; 5] {
    [
        "line".as_ref(),
        "finish".as_ref(),
        answer.as_ref(),
        "--safety-number".as_ref(),
        number.as_ref(),
    ]
}

/// Enough of an id for a person to tell two apart.
fn short(id: &str) -> String {
    id.chars().take(8).collect()
}
