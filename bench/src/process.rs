//! Running programs: a station, `say` and `follow`, and what they tell.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::Sender;
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// What `say` and `follow` tell, as far as it is measured, and when it was read.
#[derive(Debug)]
pub struct Heard {
    /// When the line of JSON came out of the pipe.
    pub at: Instant,
    /// What it said.
    pub news: News,
}

/// See [`Heard`].
#[derive(Debug, PartialEq, Eq)]
pub enum News {
    /// The other station has stored the text of this number (from 0).
    Known(usize),
    /// The receiver's program has this text.
    Received(String),
    /// A ring of ours is on our disk.
    Rung,
    /// The called side signed that it rings there, and we hold that.
    Rang,
    /// The station did not take a text.
    Refused(String),
    /// The bench does not understand what was printed.
    Unreadable(String),
}

/// Takes one line of a program's output; `None` if it is nothing that is measured.
type Reader = fn(&str) -> Result<Option<News>>;

/// A running station. Killed when dropped, as if the power failed.
pub struct Station(Child);

impl Station {
    /// Starts it and waits for its ready line.
    ///
    /// # Errors
    /// It ended before it was ready.
    pub fn spawn(mut command: Command) -> Result<Self> {
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .context("starting it")?;
        let output = child.stdout.take().context("its output")?;
        let station = Self(child);
        let mut lines = BufReader::new(output);
        if lines.read_line(&mut String::new())? == 0 {
            bail!("it ended before it was ready (see above)");
        }
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        Ok(station)
    }

    /// Its process: `ip netns exec` becomes the station, so this is the station's own id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Station {
    fn drop(&mut self) {
        kill(&mut self.0);
    }
}

/// A running `say --stdin`.
pub struct Say {
    input: ChildStdin,
    child: Child,
}

impl Say {
    /// Starts it; what becomes of its texts goes to `heard`.
    ///
    /// # Errors
    /// The program is missing.
    pub fn spawn(mut command: Command, heard: Sender<Heard>, read: Reader) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting say")?;
        let input = child.stdin.take().context("its input")?;
        tell(&mut child, heard, read)?;
        Ok(Self { input, child })
    }

    /// One text. What becomes of it is told later, so many may be on their way.
    ///
    /// # Errors
    /// `say` has ended.
    pub fn text(&mut self, text: &str) -> Result<()> {
        Ok(self.input.write_all(format!("{text}\n").as_bytes())?)
    }
}

impl Drop for Say {
    fn drop(&mut self) {
        kill(&mut self.child);
    }
}

/// A running `follow`.
pub struct Follow(Child);

impl Follow {
    /// Starts it; what it shows goes to `heard`.
    ///
    /// # Errors
    /// The program is missing.
    pub fn spawn(mut command: Command, heard: Sender<Heard>, read: Reader) -> Result<Self> {
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .context("starting follow")?;
        tell(&mut child, heard, read)?;
        Ok(Self(child))
    }
}

impl Drop for Follow {
    fn drop(&mut self) {
        kill(&mut self.0);
    }
}

/// Reads a program's output line by line, notes the time of each, and passes on what is news, until nobody listens.
fn tell(child: &mut Child, heard: Sender<Heard>, read: Reader) -> Result<()> {
    let output = child.stdout.take().context("its output")?;
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            let at = Instant::now();
            let news = read(&line)
                .unwrap_or_else(|error| Some(News::Unreadable(format!("{error}: {line}"))));
            let Some(news) = news else { continue };
            if heard.send(Heard { at, news }).is_err() {
                return;
            }
        }
    });
    Ok(())
}

/// kill -9, and no zombie. An error means that it is gone already.
fn kill(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}
