//! Cuts the body of a request or response into lines, as they come.

use futures_util::StreamExt as _;
use http_body_util::BodyStream;
use hyper::body::{Body, Bytes};
use tokio::time::Instant;

/// A body, line by line.
pub struct Lines<B> {
    body: BodyStream<B>,
    buffer: Vec<u8>,
    taken: usize,
    longest: usize,
    /// What comes until the end of the line belongs to one that is too long.
    is_skipping: bool,
    has_ended: bool,
    heard: Instant,
}

/// Why there is no line.
#[derive(Debug)]
pub enum LineError<E> {
    /// This one is longer than the limit, and was left out.
    TooLong,
    /// The body broke off.
    Broken(E),
}

impl<B: Body<Data = Bytes> + Unpin> Lines<B> {
    /// Reads lines of at most `longest` bytes.
    pub fn new(body: B, longest: usize) -> Self {
        Self {
            body: BodyStream::new(body),
            buffer: Vec::new(),
            taken: 0,
            longest,
            is_skipping: false,
            has_ended: false,
            heard: Instant::now(),
        }
    }

    /// When something came last, a blank line too; at first, when reading began.
    pub fn heard(&self) -> Instant {
        self.heard
    }

    /// The next line without its end, blank ones left out; none at the end. May be dropped while it waits:
    /// nothing is lost.
    pub async fn next(&mut self) -> Option<Result<Vec<u8>, LineError<B::Error>>> {
        loop {
            if let Some(line) = self.take_line() {
                return Some(line.ok_or(LineError::TooLong));
            }
            if self.has_ended {
                return None;
            }
            let next = self.body.next().await;
            self.heard = Instant::now();
            match next {
                Some(Ok(frame)) => self.buffer.extend(frame.into_data().unwrap_or_default()),
                Some(Err(error)) => {
                    self.has_ended = true;
                    return Some(Err(LineError::Broken(error)));
                }
                None => {
                    self.has_ended = true;
                    self.buffer.push(b'\n');
                }
            }
        }
    }

    /// A line that is here as a whole; inside it nothing if it is too long, which is said once its end is known.
    fn take_line(&mut self) -> Option<Option<Vec<u8>>> {
        loop {
            let rest = &self.buffer[self.taken..];
            let Some(end) = rest.iter().position(|byte| *byte == b'\n') else {
                // Once for each piece of the body, not for each line.
                self.buffer.drain(..std::mem::take(&mut self.taken));
                if self.buffer.len() > self.longest {
                    self.is_skipping = true;
                    self.buffer.clear();
                }
                return None;
            };
            let line = rest[..end].trim_ascii();
            let is_too_long = std::mem::take(&mut self.is_skipping) || line.len() > self.longest;
            let line = (!is_too_long).then(|| line.to_vec());
            self.taken += end + 1;
            if line.as_ref().is_none_or(|line| !line.is_empty()) {
                return Some(line);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use http_body_util::StreamBody;
    use hyper::body::Frame;
    use std::convert::Infallible;

    use super::*;

    async fn lines(pieces: &[&'static str], longest: usize) -> Vec<Result<String, ()>> {
        let frames = pieces
            .iter()
            .map(|piece| Ok::<_, Infallible>(Frame::data(Bytes::from_static(piece.as_bytes()))));
        let frames: Vec<_> = frames.collect();
        let mut lines = Lines::new(StreamBody::new(stream::iter(frames)), longest);
        let mut all = Vec::new();
        while let Some(line) = lines.next().await {
            let text = line.map(|line| String::from_utf8(line).expect("ASCII"));
            all.push(text.map_err(|_| ()));
        }
        all
    }

    fn ok(text: &str) -> Result<String, ()> {
        Ok(text.to_owned())
    }

    #[tokio::test(flavor = "current_thread")]
    async fn lines_come_out_whole_however_they_were_cut() {
        let cut = lines(&["a", "b\n\ncd\r\ne", "f"], 10).await;
        assert_eq!(cut, [ok("ab"), ok("cd"), ok("ef")]);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_line_that_is_too_long_is_left_out_and_the_next_one_is_read() {
        let pieces = ["a\n", "bbbbbbbb", "bbbb", "b\nc\n", "ddddd\ne\nfffff"];
        assert_eq!(
            lines(&pieces, 4).await,
            [ok("a"), Err(()), ok("c"), Err(()), ok("e"), Err(())]
        );
    }
}
