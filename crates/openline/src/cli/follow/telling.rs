//! What is told beside the entries, whenever the status says something new: verdicts, exercises, codes, what a contact waits for,
//! alarms.

use super::Follower;
use crate::api::types::{Contact, Status};
use crate::cli::failure::Failure;
use crate::cli::{alarm, contact, exercise, layout, ring, status};

impl Follower<'_> {
    pub(super) fn tell_verdict(&mut self, status: &Status) -> Result<(), Failure> {
        let lines = status.lines.iter().filter(|line| self.is_meant(line));
        let headlines: Vec<_> = lines
            .map(|line| (line.verdict.as_str(), status::headline(self.context, line)))
            .collect();
        let verdicts: Vec<_> = headlines.iter().map(|(verdict, _)| *verdict).collect();
        let verdicts = verdicts.join(" ");
        if self.told != verdicts {
            self.told = verdicts;
            for (_, headline) in headlines {
                self.aside(&headline)?;
            }
        }
        self.tell_exercises(status)?;
        self.end_with_the_watch(status)?;
        self.tell_codes(status)?;
        self.tell_contacts(status)?;
        self.tell_rings_broken_off(status)?;
        self.tell_alarms(status)
    }

    /// Each once for as long as it is raised: whoever keeps this screen open looks at no other.
    fn tell_alarms(&mut self, status: &Status) -> Result<(), Failure> {
        let lines = status.lines.iter().filter(|line| self.is_meant(line));
        let raised = lines.flat_map(|line| line.alarms.iter().map(move |alarm| (line, alarm)));
        let raised = raised.filter(|(_, alarm)| alarm.state == "raised");
        let raised: Vec<_> = raised.collect();
        self.told_alarms
            .retain(|told| raised.iter().any(|(_, alarm)| alarm.name == *told));
        for (line, alarm) in raised {
            if self.told_alarms.insert(alarm.name.clone()) {
                let bell = if self.name.is_some() { "\u{7}" } else { "" };
                self.context
                    .print(bell.to_owned() + &alarm::whole(self.context, line, alarm))?;
            }
        }
        Ok(())
    }

    /// What stands of exercises, whenever that changes: that one is proposed, that it runs, that something broke in, that it is over.
    fn tell_exercises(&mut self, status: &Status) -> Result<(), Failure> {
        let lines = status.lines.iter().filter(|line| self.is_meant(line));
        let standing: Vec<String> = lines
            .flat_map(|line| exercise::standing(self.context, line))
            .collect();
        if standing == self.told_exercises {
            return Ok(());
        }
        let is_over = standing.is_empty();
        self.exercise_ran |= exercise::runs(status);
        let told = std::mem::replace(&mut self.told_exercises, standing.clone());
        if is_over {
            let id = match std::mem::take(&mut self.exercise_ran) {
                true => "exercise-over",
                false => "exercise-none",
            };
            return self.say_to_the_side(id, &[]);
        }
        let is_new = |text: &&String| !told.contains(text);
        standing
            .iter()
            .filter(is_new)
            .try_for_each(|text| self.aside(text))
    }

    /// Two people wait for a code as soon as a ring is accepted. It is for a person's eyes.
    fn tell_codes(&mut self, status: &Status) -> Result<(), Failure> {
        if self.name.is_none() {
            return Ok(());
        }
        let lines = status.lines.iter().filter(|line| self.is_meant(line));
        let contacts = lines.flat_map(|line| &line.contacts);
        let waits = contacts.filter(|it| it.here && it.state == "verifying" && !it.we_agreed);
        let known = waits.filter_map(|it| Some((it, it.code.clone()?)));
        let known: Vec<_> = known.collect();
        for (it, code) in known {
            if self.told_codes.insert(it.contact.clone()) {
                let blanks = [("short", it.short.clone().into()), ("code", code.into())];
                let text = self.context.words.fill("follow-code", &blanks);
                let lines = layout::wrap(
                    &text,
                    "-- ",
                    "   ",
                    exercise::columns(self.context, &it.mark),
                );
                self.print_framed(&it.mark, lines)?;
            }
        }
        Ok(())
    }

    /// Rings that were running on this screen, and whose caller is gone: no entry says that.
    fn tell_rings_broken_off(&mut self, status: &Status) -> Result<(), Failure> {
        let lines = status.lines.iter().filter(|line| self.is_meant(line));
        let rings: Vec<_> = lines.flat_map(|line| &line.rings).collect();
        for it in rings {
            match it.state.as_str() {
                "calling" | "ringing" | "answered" => {
                    self.running_rings.insert(it.ring.clone());
                }
                "broken-off" if self.running_rings.remove(&it.ring) => {
                    let text = format!("{}: {}", it.short, ring::text::state(self.context, it));
                    let lines = layout::wrap(
                        &text,
                        "-- ",
                        "   ",
                        exercise::columns(self.context, &it.mark),
                    );
                    self.print_framed(&it.mark, lines)?;
                }
                _ => _ = self.running_rings.remove(&it.ring),
            }
        }
        Ok(())
    }

    /// What is to be done now in each contact, whenever that changes: that a proposal waits to be read back, that what was read back
    /// differs, or that it is for us to confirm; what binds both sides from now on; and how one ended that was told of before.
    fn tell_contacts(&mut self, status: &Status) -> Result<(), Failure> {
        if self.name.is_none() {
            return Ok(());
        }
        let lines = status.lines.iter().filter(|line| self.is_meant(line));
        let contacts = lines.flat_map(|line| &line.contacts);
        let was_told = |it: &Contact| {
            self.told_contacts.contains_key(&it.contact) || self.told_codes.contains(&it.contact)
        };
        // Its code is told apart, once.
        let told: Vec<_> = contacts
            .filter(|it| it.state != "verifying" && (it.here || was_told(it)))
            .collect();
        for it in told {
            let now = contact::text::waiting(self.context, it);
            let told = self.told_contacts.insert(it.contact.clone(), now.clone());
            let is_new = told.as_ref() != Some(&now);
            if is_new {
                self.print_framed(&it.mark, now)?;
            }
        }
        Ok(())
    }
}
