//! The demo's second act: a FLASH climbs its ladder of receipts, and an answer comes in another language.

use std::time::Duration;

use openline_wire::names;

use super::screen::Side;
use super::talk::{arrival, send};
use super::{Story, require};
use crate::api::types::{Entry, MessageEvent, NewMessage, NewReceipt};
use crate::cli::failure::Failure;

/// What Washington says.
pub const FLASH: &str = "We see one rocket rising from the coast of Norway. \
    We were told of a research flight. Do you see it, and were you told?";

/// What Moscow answers, in its own language: the receiver translates.
const ANSWER: &str =
    "Видим. Нас предупредили о научном пуске, сведения дошли до расчётов. Тревоги нет.";

/// Who sits before Moscow's screen; the demo plays her.
const OPERATOR: &str = "Lt. Orlova";

/// How long she looks before she signs.
const TO_READ: Duration = Duration::from_millis(700);

impl Story<'_> {
    /// Sends it, lets it be shown and read, answers it, and returns it as Moscow holds it.
    pub(super) async fn flash(&mut self) -> Result<Entry, Failure> {
        self.screen.step("flash", "demo-flash").await?;
        self.screen
            .terminal(Side::Left, &format!("FLASH  {FLASH}"))?;
        let mut sent = send(&self.washington, flash(FLASH)).await?;
        self.rung(
            "demo-flash-stored-here",
            &sent.reaches("stored-here").await?,
        )?;
        let stored = sent.reaches("stored").await?;
        self.rung("demo-flash-stored", &stored)?;
        let id = stored.entry.unwrap_or_default();
        let entry = arrival(&self.moscow, &id).await?;
        require(
            entry.text.as_deref() == Some(FLASH) && entry.precedence == "flash",
            "flash",
        )?;
        self.shown_at_moscow(&entry)?;
        self.sign("shown", &id).await?;
        self.rung("demo-flash-shown", &sent.reaches("shown").await?)?;
        tokio::time::sleep(TO_READ).await;
        self.sign("read", &id).await?;
        self.rung("demo-flash-read", &sent.reaches("read").await?)?;
        self.answer(&entry).await?;
        Ok(entry)
    }

    /// A rung of the ladder, and how long after the text was taken it was known at Washington.
    fn rung(&mut self, claim: &'static str, event: &MessageEvent) -> Result<(), Failure> {
        let name = event
            .actor
            .as_ref()
            .map(|actor| names::for_screen(&actor.name));
        // Each language has its own word for her rank.
        let who = match name.as_deref() {
            Some(OPERATOR) => "operator",
            _ => "other",
        };
        let blanks = [
            ("ms", event.elapsed_ms.into()),
            ("who", who.into()),
            ("name", name.unwrap_or_default().into()),
        ];
        self.screen.claim(claim, &blanks)
    }

    fn shown_at_moscow(&self, entry: &Entry) -> Result<(), Failure> {
        let text = names::for_screen(entry.text.as_deref().unwrap_or_default());
        self.screen.terminal(Side::Right, &format!("FLASH  {text}"))
    }

    async fn sign(&self, stage: &str, id: &str) -> Result<(), Failure> {
        let receipt = NewReceipt {
            stage: stage.to_owned(),
            entries: vec![id.to_owned()],
            actor: None,
        };
        let client = self.moscow.client().as_actor(OPERATOR);
        client.receipt("-", &receipt).await?;
        Ok(())
    }

    async fn answer(&mut self, to: &Entry) -> Result<(), Failure> {
        let message = NewMessage {
            text: ANSWER.to_owned(),
            lang: Some("ru".to_owned()),
            precedence: Some("immediate".to_owned()),
            reply_to: Some(to.id.clone()),
            ..NewMessage::default()
        };
        self.screen
            .terminal(Side::Right, &format!("IMMEDIATE  {ANSWER}"))?;
        let stored = send(&self.moscow, message).await?.reaches("stored").await?;
        let entry = arrival(&self.washington, &stored.entry.unwrap_or_default()).await?;
        require(entry.text.as_deref() == Some(ANSWER), "answer")?;
        require(entry.reply_to.as_ref() == Some(&to.id), "answer")?;
        self.screen
            .claim("demo-flash-answer", &[("ms", stored.elapsed_ms.into())])
    }
}

/// A text as FLASH.
pub fn flash(text: &str) -> NewMessage {
    NewMessage {
        text: text.to_owned(),
        lang: Some("en".to_owned()),
        precedence: Some("flash".to_owned()),
        ..NewMessage::default()
    }
}
