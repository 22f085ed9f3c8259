//! Turns what people and programs ask for into drafts, or refuses it with the reason.

use openline_seal::Agreement;
use openline_wire::attachment::Attachment;
use openline_wire::cbor::Canonical;
use openline_wire::codes::{Kind, Mark, Precedence, SilenceReason, Stage, Stream};
use openline_wire::entry::Body;
use openline_wire::fact::{Fact, InExercise, Receipt, Silence};
use openline_wire::header::Actor;
use openline_wire::ids::EntryId;
use openline_wire::limits;
use openline_wire::text::{self, Text};

use crate::books;
use crate::composer::Draft;
use crate::contract::{Command, Event, Moment, Output, Refusal};
use crate::line::Line;
use crate::watch::suspension::Act;

/// A command with who gave it and what its answer is called.
pub(crate) struct Asked {
    pub(crate) ticket: u64,
    pub(crate) actor: Actor,
    pub(crate) command: Command,
}

/// Drafts under way on one line; beyond that a program is asked to wait. Twice what the disk takes in one go.
const UNDER_WAY: usize = 4_096;

impl<A: Agreement> Line<A> {
    /// Takes a command. Its answer is an event: at once if it is refused, with its entry if not.
    pub(crate) fn command(&mut self, asked: Asked, now: Moment, tickets: &mut u64) {
        let Asked {
            ticket,
            actor,
            command,
        } = asked;
        self.exercises.lapse(now);
        if self.composer.under_way() >= UNDER_WAY {
            return self.refuse(ticket, Refusal::Busy);
        }
        if let Command::NewGeneration = command {
            return self.ask_for_generation(ticket, now, tickets);
        }
        if let Command::Alarm(request) = command {
            let done = self.ask_of_alarm(request, &actor, ticket, now);
            return done.unwrap_or_else(|why| self.refuse(ticket, why));
        }
        if let Command::RemoveFile { file, named } = command {
            self.remove_file(file, &named);
            return self.batch.answers.push(Event::Done {
                ticket,
                entry: None,
            });
        }
        if books::is_for_one(&command) {
            let asked = Asked {
                ticket,
                actor,
                command,
            };
            let done = self.book_command(asked, now);
            return done.unwrap_or_else(|why| self.refuse(ticket, why));
        }
        match self.draft(actor, command, now) {
            Ok(draft) => self.composer.draft(Draft {
                ticket: Some(ticket),
                ..draft
            }),
            Err(why) => self.refuse(ticket, why),
        }
    }

    fn refuse(&mut self, ticket: u64, why: Refusal) {
        self.batch.answers.push(Event::Refused { ticket, why });
    }

    fn draft(&mut self, actor: Actor, command: Command, now: Moment) -> Result<Draft, Refusal> {
        if !actor.fits() {
            return Err(Refusal::ActorName);
        }
        let draft = match command {
            Command::Say {
                language,
                text,
                precedence,
                mark,
                reply_to,
                files,
            } => {
                let text = Text {
                    language,
                    text,
                    attachments: sendable(files)?,
                };
                Draft {
                    reply_to,
                    ..self.message(text, (precedence, mark))?
                }
            }
            Command::Note { language, text } => self.note(language, text)?,
            Command::Receipt {
                stage,
                targets,
                urgent,
            } => receipt(stage, targets, urgent)?,
            Command::AnnounceSilence {
                for_ms,
                reason,
                text,
                language,
            } => {
                let body = self.optional_body(language, text)?;
                let draft = silence(for_ms, reason, now)?;
                Draft { body, ..draft }
            }
            // Handled before.
            Command::NewGeneration
            | Command::RemoveFile { .. }
            | Command::Ring { .. }
            | Command::AnswerRing { .. }
            | Command::WithdrawRing { .. }
            | Command::Contact { .. }
            | Command::TestNow
            | Command::TestRead(_)
            | Command::Watch { .. }
            | Command::Roster(_)
            | Command::Suspend { .. }
            | Command::Resume
            | Command::Exercise { .. }
            | Command::ReachableAt(_)
            | Command::Alarm(_) => return Err(Refusal::Busy),
        };
        Ok(Draft { actor, ..draft })
    }

    fn message(
        &mut self,
        text: Text,
        (precedence, mark): (Precedence, Mark),
    ) -> Result<Draft, Refusal> {
        text::check(&text.text, precedence)?;
        self.duties.allows(Act::Write(Kind::Message, precedence))?;
        let fact = match self.exercises.of(mark)? {
            Some(exercise) => Fact::InExercise(InExercise { exercise }),
            None => Fact::None,
        };
        let body = Some(self.body_of(&text)?);
        let draft = Draft::by_station(precedence.stream(), Kind::Message, fact);
        Ok(Draft {
            body,
            mark,
            precedence,
            ..draft
        })
    }

    fn note(&mut self, language: String, text: String) -> Result<Draft, Refusal> {
        text::check(&text, Precedence::Routine)?;
        let body = Some(self.text_body(language, text)?);
        let draft = Draft::by_station(Stream::Service, Kind::ServiceNote, Fact::None);
        Ok(Draft { body, ..draft })
    }

    pub(crate) fn required_body(
        &mut self,
        language: String,
        text: String,
    ) -> Result<Option<Body>, Refusal> {
        // It stands in the urgent stream, and on the first screen of everybody.
        text::check(&text, Precedence::Flash)?;
        self.text_body(language, text).map(Some)
    }

    pub(crate) fn optional_body(
        &mut self,
        language: String,
        text: String,
    ) -> Result<Option<Body>, Refusal> {
        match text.as_str() {
            "" => Ok(None),
            words => {
                text::check(words, Precedence::Routine)?;
                self.text_body(language, text).map(Some)
            }
        }
    }

    fn text_body(&mut self, language: String, text: String) -> Result<Body, Refusal> {
        self.body_of(&Text {
            language,
            text,
            attachments: Vec::new(),
        })
    }

    fn body_of(&mut self, text: &Text) -> Result<Body, Refusal> {
        if !is_language_tag(&text.language) {
            return Err(Refusal::Language(text.language.clone()));
        }
        let content = text.to_bytes();
        if content.len() > limits::BODY {
            return Err(Refusal::Files);
        }
        Ok(Body {
            salt: self.salt(),
            content,
        })
    }

    /// A restored home asks for a new channel generation (rule 2), numbered by the wall clock.
    fn ask_for_generation(&mut self, ticket: u64, now: Moment, tickets: &mut u64) {
        let request = self.request_generation(now.wall, tickets);
        self.batch.outputs.push(request);
        self.batch.answers.push(Event::Done {
            ticket,
            entry: None,
        });
    }

    /// A request with this number or a higher one, to be signed.
    pub(crate) fn request_generation(&mut self, at_least: u64, tickets: &mut u64) -> Output {
        let bytes = self.channel.begin_generation(at_least);
        *tickets += 1;
        self.generation_ticket = Some(*tickets);
        let ticket = *tickets;
        Output::Sign { ticket, bytes }
    }
}

/// As many files as may go with a message, each of which the other side will take.
fn sendable(files: Vec<Attachment>) -> Result<Vec<Attachment>, Refusal> {
    let goes = |file: &Attachment| Attachment::from_bytes(&file.to_bytes()).is_ok();
    match files.len() <= limits::ATTACHMENTS && files.iter().all(goes) {
        true => Ok(files),
        false => Err(Refusal::Files),
    }
}

/// The receipt travels with its like, so that one for a FLASH does not wait for older traffic.
fn receipt(stage: Stage, mut targets: Vec<EntryId>, urgent: bool) -> Result<Draft, Refusal> {
    targets.sort();
    targets.dedup();
    if targets.is_empty() || targets.len() > limits::RECEIPT_TARGETS {
        return Err(Refusal::NotTheirMessage);
    }
    let stream = if urgent {
        Stream::Urgent
    } else {
        Stream::Traffic
    };
    let fact = Fact::Receipt(Receipt { stage, targets });
    Ok(Draft::by_station(stream, Kind::Receipt, fact))
}

fn silence(for_ms: u64, reason: SilenceReason, now: Moment) -> Result<Draft, Refusal> {
    if !(1_000..=limits::SILENCE_MS).contains(&for_ms) {
        return Err(Refusal::SilenceLength);
    }
    let from = now.wall.min(limits::LATEST_TIME_MS - for_ms);
    let until = from + for_ms;
    let fact = Fact::Silence(Silence {
        from,
        until,
        reason,
    });
    Ok(Draft::by_station(Stream::Urgent, Kind::Silence, fact))
}

/// Whether a tag is well-formed enough to be shown and compared (RFC 5646 section 2.1: subtags of one to
/// eight letters or digits; the first of two to eight letters).
fn is_language_tag(tag: &str) -> bool {
    let mut subtags = tag.split('-');
    let primary = subtags.next().unwrap_or_default();
    let is_subtag = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    tag.len() <= limits::LANGUAGE
        && (2..=8).contains(&primary.len())
        && primary.bytes().all(|b| b.is_ascii_alphabetic())
        && subtags.all(is_subtag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_tags_are_told_from_anything_else() {
        for tag in ["en", "ru", "zh-Hant", "de-CH-1996"] {
            assert!(is_language_tag(tag), "{tag}");
        }
        for not_a_tag in ["", "e", "en_US", "русский", "en-", "en\u{1b}"] {
            assert!(!is_language_tag(not_a_tag), "{not_a_tag}");
        }
    }
}
