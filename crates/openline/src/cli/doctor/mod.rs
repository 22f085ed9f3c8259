//! `openline doctor`: looks for what is wrong with the home, the machine and the lines, and says what to do.

use fluent_bundle::FluentValue;

use super::args::Doctor;
use super::context::Context;
use super::failure::{Exit, Failure};
use super::output::{Check, Diagnosis};
use crate::home::Home;

mod home;
mod lines;
mod machine;
mod salvage;

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// As it should be.
    Good,
    /// It works, but could be better.
    Advice,
    /// To be mended.
    Wrong,
    /// Could not be found out.
    Unknown,
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Advice => "advice",
            Self::Wrong => "wrong",
            Self::Unknown => "unknown",
        }
    }
}

/// One thing that was looked at. Its words stand in `doctor.ftl` under `doctor-<check>-<outcome>`.
struct Found {
    check: &'static str,
    /// Which words, where one check can be wrong in two ways.
    words: &'static str,
    outcome: Outcome,
    blanks: Vec<(&'static str, FluentValue<'static>)>,
    /// Words that another part of the program has for it, instead.
    problem: Option<Failure>,
}

impl Found {
    fn new(check: &'static str, outcome: Outcome) -> Self {
        Self {
            check,
            words: check,
            outcome,
            blanks: Vec::new(),
            problem: None,
        }
    }

    fn with(mut self, name: &'static str, value: impl Into<FluentValue<'static>>) -> Self {
        self.blanks.push((name, value.into()));
        self
    }

    fn in_words_of(self, words: &'static str) -> Self {
        Self { words, ..self }
    }

    /// Wrong, for a reason that has its own words.
    fn failed(check: &'static str, why: impl Into<Failure>) -> Self {
        Self {
            problem: Some(why.into()),
            ..Self::new(check, Outcome::Wrong)
        }
    }

    fn describe(&self, context: &Context<'_>) -> Check {
        let told = self
            .problem
            .as_ref()
            .and_then(|failure| failure.problem(context.words));
        let (what, do_now) = match told {
            Some(problem) => (problem.what, Some(problem.do_now)),
            None => self.own_words(context),
        };
        Check {
            check: self.check.to_owned(),
            result: self.outcome.word().to_owned(),
            what,
            do_now,
        }
    }

    fn own_words(&self, context: &Context<'_>) -> (String, Option<String>) {
        let id = format!("doctor-{}-{}", self.words, self.outcome.word());
        let mut blanks = self.blanks.clone();
        blanks.push(("openline", context.program().into()));
        let do_now = context.words.attribute(&id, "do", &blanks);
        (context.words.fill(&id, &blanks), do_now)
    }
}

/// Looks at everything, whatever is found on the way. Exit 1 if something is wrong; advice is not.
pub async fn run(context: &Context<'_>, args: Doctor) -> Result<(), Failure> {
    if args.salvage {
        return salvage::run(context, args.yes);
    }
    let mut found = machine::look(&context.home);
    match Home::open(&context.home) {
        Err(error) => found.push(Found::failed("home", error)),
        Ok(home) => {
            found.extend(home::look(&home));
            found.extend(lines::look(context, &home).await);
        }
    }
    let checks: Vec<Check> = found.iter().map(|found| found.describe(context)).collect();
    let diagnosis = Diagnosis {
        healthy: found.iter().all(|found| found.outcome != Outcome::Wrong),
        checks,
    };
    match context.json {
        true => context.print_json(&diagnosis)?,
        false => print(context, &diagnosis)?,
    }
    match diagnosis.healthy {
        true => Ok(()),
        false => Err(Failure::silent(Exit::Failed)),
    }
}

fn print(context: &Context<'_>, diagnosis: &Diagnosis) -> Result<(), Failure> {
    let paint = context.paint;
    for check in &diagnosis.checks {
        let sign = match check.result.as_str() {
            "good" => paint.good("\u{2713}"),
            "wrong" => paint.bad("\u{2717}"),
            _ => paint.doubtful("!"),
        };
        context.tell(&format!("{sign} {}", check.what))?;
        for line in check.do_now.iter().flat_map(|text| text.lines()) {
            context.tell(&format!("    {line}"))?;
        }
    }
    context.print("")?;
    let all_good = diagnosis.checks.iter().all(|check| check.result == "good");
    let id = match (diagnosis.healthy, all_good) {
        (false, _) => "doctor-ill",
        (true, false) => "doctor-advised",
        (true, true) => "doctor-healthy",
    };
    context.say(id, &[])
}

#[cfg(test)]
mod tests {
    use crate::i18n::{Catalog, Language};

    /// What each check may say.
    const SAYINGS: &[&str] = &[
        "alarms-advice",
        "clock-good",
        "clock-wrong",
        "copy-good",
        "copy-advice",
        "core-dumps-good",
        "core-dumps-wrong",
        "disk-good",
        "disk-advice",
        "disk-wrong",
        "disk-unknown",
        "hints-good",
        "hints-advice",
        "hints-wrong",
        "home-good",
        "keys-good",
        "left-out-wrong",
        "line-good",
        "line-advice",
        "line-wrong",
        "line-unknown",
        "line-keys-wrong",
        "lines-advice",
        "notice-advice",
        "notice-cloned-advice",
        "notice-keys-asked-advice",
        "notice-keys-renewed-advice",
        "notice-mended-advice",
        "notice-misbehaved-advice",
        "notice-restored-advice",
        "offset-good",
        "offset-advice",
        "root-good",
        "root-advice",
        "reminder-advice",
        "channels-good",
        "socket-good",
        "socket-wrong",
        "station-good",
        "station-advice",
        "station-wrong",
        "station-stuck-wrong",
        "store-good",
        "store-advice",
        "waiting-advice",
    ];

    #[test]
    fn every_check_has_its_words_and_says_what_to_do_unless_all_is_good() {
        for language in Language::ALL {
            let words = Catalog::new(language);
            for saying in SAYINGS {
                let id = format!("doctor-{saying}");
                assert!(words.find(&id).is_some(), "{id} in {language:?}");
                let has_do = words.attribute(&id, "do", &[]).is_some();
                assert_eq!(
                    has_do,
                    !saying.ends_with("-good"),
                    "{id}.do in {language:?}"
                );
            }
        }
    }
}
