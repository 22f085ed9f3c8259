//! Calls about exercises.

use super::{Client, ClientError, path};
use crate::api::types::{Accepted, NewExercise};

impl Client {
    /// Proposes, accepts or ends an exercise.
    pub async fn exercise(&self, line: &str, asked: &NewExercise) -> Result<Accepted, ClientError> {
        self.post(&path(line, "exercise"), asked).await
    }
}
