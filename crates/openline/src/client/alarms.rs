//! Calls about alarms.

use super::{Client, ClientError, path, percent};
use crate::api::types::{Alarm, Alarms, NewAcknowledgement, NewShelving};

impl Client {
    /// The alarms of a line that are not quiet.
    pub async fn alarms(&self, line: &str) -> Result<Alarms, ClientError> {
        self.get(&path(line, "alarms")).await
    }

    /// Acknowledges an alarm. A party is an id or a name, likewise below.
    pub async fn acknowledge_alarm(
        &self,
        line: &str,
        alarm: (&str, &str),
        asked: &NewAcknowledgement,
    ) -> Result<Alarm, ClientError> {
        self.post(&call(line, alarm, "acknowledge"), asked).await
    }

    /// Puts an alarm aside for a time.
    pub async fn shelve_alarm(
        &self,
        line: &str,
        alarm: (&str, &str),
        asked: &NewShelving,
    ) -> Result<Alarm, ClientError> {
        self.post(&call(line, alarm, "shelve"), asked).await
    }

    /// Brings an alarm back that was put aside.
    pub async fn unshelve_alarm(
        &self,
        line: &str,
        alarm: (&str, &str),
        asked: &NewAcknowledgement,
    ) -> Result<Alarm, ClientError> {
        self.post(&call(line, alarm, "unshelve"), asked).await
    }
}

fn call(line: &str, (cause, party): (&str, &str), act: &str) -> String {
    let alarm = format!("alarms/{}/{}/{act}", percent(cause), percent(party));
    path(line, &alarm)
}
