//! The demo's stage: what happens, told in English on the left and in Russian on the right, or as one JSON
//! object a step.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::output::{DemoClaim, DemoStep};
use crate::cli::paint::Paint;
use crate::i18n::{Args, Catalog, Language};

use super::columns::{self, Layout};

/// How long a reader is given for a step before the next begins.
const TO_READ: Duration = Duration::from_millis(900);

/// What stands before a claim: it has been checked.
const CHECKED: &str = " \u{2713} ";

/// Where the story is told.
pub struct Screen<'a> {
    context: &'a Context<'a>,
    english: Catalog,
    russian: Catalog,
    layout: Layout,
    began: Instant,
    step: Option<DemoStep>,
    count: usize,
}

impl<'a> Screen<'a> {
    /// For a terminal, a pipe, or a program.
    pub fn new(context: &'a Context<'a>) -> Self {
        Self {
            context,
            english: Catalog::new(Language::English),
            russian: Catalog::new(Language::Russian),
            layout: Layout::of_standard_output(),
            began: Instant::now(),
            step: None,
            count: 0,
        }
    }

    /// The parties' names above their columns.
    pub fn curtain(&self) -> Result<(), Failure> {
        self.both("demo-curtain", &[], "", Paint::strong)?;
        self.blank()
    }

    /// A step begins.
    pub async fn step(&mut self, word: &'static str, title: &'static str) -> Result<(), Failure> {
        self.end_step().await?;
        self.count += 1;
        self.step = Some(DemoStep {
            step: word.to_owned(),
            at_ms: 0,
            claims: Vec::new(),
        });
        self.both(title, &[], &format!("{:>2} ", self.count), Paint::strong)
    }

    /// Something has been checked just now and is true.
    pub fn claim(&mut self, id: &'static str, blanks: &Args<'_>) -> Result<(), Failure> {
        let (en, ru) = (self.english.fill(id, blanks), self.russian.fill(id, blanks));
        self.keep(id, en, ru);
        self.both(id, blanks, CHECKED, Paint::plain)
    }

    /// A claim that ends in something too long for a column: it gets a row of its own.
    pub fn claim_of(&mut self, id: &'static str, shown: &str) -> Result<(), Failure> {
        let [en, ru] = [&self.english, &self.russian].map(|it| format!("{} {shown}", it.text(id)));
        self.keep(id, en, ru);
        self.both(id, &[], CHECKED, Paint::plain)?;
        self.line(&format!("      {shown}"))
    }

    fn keep(&mut self, id: &str, en: String, ru: String) {
        let claim = id.trim_start_matches("demo-").to_owned();
        if let Some(step) = &mut self.step {
            step.claims.push(DemoClaim { claim, en, ru });
        }
    }

    /// Says something that is no claim.
    pub fn aside(&self, id: &'static str, blanks: &Args<'_>) -> Result<(), Failure> {
        self.both(id, blanks, "", Paint::plain)
    }

    /// What a person at one of the terminals sees: Washington's on the left, Moscow's on the right.
    pub fn terminal(&self, side: Side, text: &str) -> Result<(), Failure> {
        let rows = text
            .lines()
            .flat_map(|line| columns::wrap(line, self.layout.terminal_room()));
        let indent = self.layout.terminal_indent(side);
        for row in rows {
            let row = self.context.paint.quiet(&format!("\u{2502} {row}"));
            self.line(&format!("{:indent$}{row}", ""))?;
        }
        Ok(())
    }

    /// A line that stands as it is, such as a command to be pasted.
    pub fn line(&self, line: &str) -> Result<(), Failure> {
        match self.context.json {
            true => Ok(()),
            false => self.context.print(line),
        }
    }

    /// The step under way is over.
    pub async fn end_step(&mut self) -> Result<(), Failure> {
        let Some(mut step) = self.step.take() else {
            return Ok(());
        };
        step.at_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        // At the latest here it is noticed that somebody has pressed Ctrl-C.
        tokio::task::yield_now().await;
        if self.context.json {
            return self.context.print_json(&step);
        }
        if std::io::stdout().is_terminal() {
            tokio::time::sleep(TO_READ).await;
        }
        self.blank()
    }

    fn blank(&self) -> Result<(), Failure> {
        self.line("")
    }

    /// One message in both languages.
    fn both(
        &self,
        id: &str,
        blanks: &Args<'_>,
        bullet: &str,
        style: fn(Paint, &str) -> String,
    ) -> Result<(), Failure> {
        let (english, russian) = (self.english.fill(id, blanks), self.russian.fill(id, blanks));
        let paint = self.context.paint;
        let bullet = match bullet == CHECKED {
            true => paint.good(bullet),
            false => paint.quiet(&format!("{bullet:3}")),
        };
        for row in self.layout.rows(&english, &russian) {
            let lead = if row.is_first { bullet.as_str() } else { "   " };
            let (left, right) = (style(paint, &row.left), style(paint, &row.right));
            let gap = row.gap;
            self.line(format!("{lead} {left}{:gap$}{right}", "").trim_end())?;
        }
        Ok(())
    }
}

/// Whose terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Washington's.
    Left,
    /// Moscow's.
    Right,
}
