//! Lines typed at a terminal, of any length.
//!
//! A terminal that gathers lines itself (canonical mode, termios(3)) keeps 4095 bytes of each and drops the rest
//! without a word. So while a text is typed it hands over every byte, and what it otherwise does is done here: echo,
//! the erasing keys, end of input, interruption.

use std::io::{self, Read as _, Write as _};

use rustix::termios::{
    InputModes, LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
};
use zeroize::Zeroizing;

/// What a terminal in canonical mode keeps of one line, without its end.
const CANONICAL: u64 = 4095;

/// A text is gathered up to here; of what is beyond only the length is kept. Far above any charter's limit.
pub const MOST: usize = 1 << 20;

/// What was typed or piped.
#[derive(Debug, Default)]
pub struct Typed {
    /// The bytes, at most [`MOST`].
    pub bytes: Zeroizing<Vec<u8>>,
    /// How many there were.
    pub length: u64,
}

impl Typed {
    /// Takes one more byte.
    pub fn push(&mut self, byte: u8) {
        self.length += 1;
        if self.bytes.len() < MOST {
            self.bytes.push(byte);
        }
    }

    /// Whether all that was typed is here.
    pub fn is_whole(&self) -> bool {
        self.length == self.bytes.len() as u64
    }
}

/// A terminal that hands over every byte; as it was again when this is dropped.
pub struct Terminal {
    before: Termios,
}

impl Terminal {
    /// Takes standard input, which must be a terminal. Fails if a line lies there already of which the terminal
    /// may have dropped a part.
    pub fn take() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut raw = before.clone();
        // The interrupting keys come as bytes too: they must not leave the terminal like this.
        raw.local_modes &=
            !(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG | LocalModes::IEXTEN);
        raw.input_modes |= InputModes::ICRNL;
        raw.special_codes[SpecialCodeIndex::VMIN] = 1;
        raw.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(io::stdin(), OptionalActions::Drain, &raw)?;
        let terminal = Self { before };
        if rustix::io::ioctl_fionread(io::stdin())? >= CANONICAL {
            rustix::termios::tcflush(io::stdin(), rustix::termios::QueueSelector::IFlush)?;
            return Err(io::Error::other("typed before it was asked for"));
        }
        Ok(terminal)
    }

    /// Lines up to one with a single dot, or to the end of the input. An error of the kind *interrupted* is Ctrl-C.
    pub fn read_text(&self) -> io::Result<Typed> {
        let mut lines = Lines::new(Keys::of(&self.before));
        let mut echo = Vec::new();
        // Not standard input's own buffer: what comes after the text stays for the next question.
        let mut input = unbuffered();
        let mut byte = [0];
        loop {
            let is_end = input.read(&mut byte)? == 0;
            let step = match is_end {
                true => Step::End,
                false => lines.take(byte[0], &mut echo),
            };
            io::stdout().write_all(&echo)?;
            io::stdout().flush()?;
            echo.clear();
            match step {
                Step::More => {}
                Step::End => return Ok(lines.into_text()),
                Step::Interrupt => return Err(io::ErrorKind::Interrupted.into()),
            }
        }
    }

    fn restore(&self) {
        // Nothing else can be done about a terminal that has gone.
        let _ = tcsetattr(io::stdin(), OptionalActions::Drain, &self.before);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.restore();
    }
}

/// Standard input byte by byte.
fn unbuffered() -> impl io::Read {
    struct Bytes;
    impl io::Read for Bytes {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            loop {
                match rustix::io::read(io::stdin(), &mut *into) {
                    Err(rustix::io::Errno::INTR) => {}
                    read => return Ok(read?),
                }
            }
        }
    }
    Bytes
}

/// The keys that a terminal is set to.
#[derive(Clone, Copy, Debug)]
struct Keys {
    erase: u8,
    kill: u8,
    word: u8,
    end: u8,
    interrupt: u8,
    quit: u8,
}

impl Keys {
    fn of(terminal: &Termios) -> Self {
        let codes = &terminal.special_codes;
        Self {
            erase: codes[SpecialCodeIndex::VERASE],
            kill: codes[SpecialCodeIndex::VKILL],
            word: codes[SpecialCodeIndex::VWERASE],
            end: codes[SpecialCodeIndex::VEOF],
            interrupt: codes[SpecialCodeIndex::VINTR],
            quit: codes[SpecialCodeIndex::VQUIT],
        }
    }
}

/// What a byte led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    More,
    End,
    Interrupt,
}

/// Where we are in an escape sequence (ECMA-48 section 5.4), which a key without a character sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Escape {
    No,
    Begun,
    Sequence,
}

/// The text as it is typed. No I/O: bytes go in, what is to be echoed comes out.
struct Lines {
    keys: Keys,
    done: Typed,
    line: Typed,
    escape: Escape,
}

impl Lines {
    fn new(keys: Keys) -> Self {
        Self {
            keys,
            done: Typed::default(),
            line: Typed::default(),
            escape: Escape::No,
        }
    }

    fn take(&mut self, byte: u8, echo: &mut Vec<u8>) -> Step {
        if self.is_in_escape(byte) {
            return Step::More;
        }
        match byte {
            0x1b => self.escape = Escape::Begun,
            b'\n' | b'\r' => {
                echo.push(b'\n');
                if self.line.bytes.trim_ascii() == b"." {
                    self.line = Typed::default();
                    return Step::End;
                }
                self.finish_line();
            }
            _ if byte == self.keys.interrupt || byte == self.keys.quit => {
                echo.extend(b"^C\n");
                return Step::Interrupt;
            }
            _ if byte == self.keys.end => {
                // In the middle of a line it ends nothing, as on any terminal.
                if self.line.length == 0 {
                    return Step::End;
                }
            }
            0x08 | 0x7f => self.erase(echo),
            _ if byte == self.keys.erase => self.erase(echo),
            _ if byte == self.keys.kill => while self.erase_one(echo).is_some() {},
            _ if byte == self.keys.word => {
                self.erase_while(echo, char::is_whitespace);
                self.erase_while(echo, |c| !c.is_whitespace());
            }
            0..0x20 if byte != b'\t' => {}
            _ => {
                self.line.push(byte);
                echo.push(byte);
            }
        }
        Step::More
    }

    fn is_in_escape(&mut self, byte: u8) -> bool {
        self.escape = match (self.escape, byte) {
            (Escape::No, _) => return false,
            (Escape::Begun, b'[' | b'O') => Escape::Sequence,
            (Escape::Sequence, 0x20..0x40) => Escape::Sequence,
            _ => Escape::No,
        };
        true
    }

    fn finish_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        for byte in line.bytes.iter().copied().chain([b'\n']) {
            self.done.push(byte);
        }
        self.done.length += line.length - line.bytes.len() as u64;
    }

    fn erase(&mut self, echo: &mut Vec<u8>) {
        self.erase_one(echo);
    }

    fn erase_while(&mut self, echo: &mut Vec<u8>, wanted: impl Fn(char) -> bool) {
        while self.last().is_some_and(&wanted) {
            self.erase_one(echo);
        }
    }

    /// Takes back a whole character, of however many bytes. Where a screen's lines wrap, the echo is as imperfect as
    /// the terminal's own.
    fn erase_one(&mut self, echo: &mut Vec<u8>) -> Option<()> {
        if !self.line.is_whole() {
            // Beyond what is kept nobody edits by hand: one byte less.
            self.line.length -= 1;
            return Some(());
        }
        self.line.bytes.last()?;
        while let Some(byte) = self.line.bytes.pop() {
            self.line.length -= 1;
            if byte & 0xc0 != 0x80 {
                break;
            }
        }
        echo.extend(b"\x08 \x08");
        Some(())
    }

    fn last(&self) -> Option<char> {
        let bytes = &self.line.bytes;
        let tail = &bytes[bytes.len().saturating_sub(4)..];
        tail.utf8_chunks().last().and_then(|chunk| {
            let invalid = (!chunk.invalid().is_empty()).then_some(char::REPLACEMENT_CHARACTER);
            invalid.or(chunk.valid().chars().last())
        })
    }

    fn into_text(mut self) -> Typed {
        if self.line.length > 0 {
            self.finish_line();
        }
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: Keys = Keys {
        erase: 0x7f,
        kill: 0x15,
        word: 0x17,
        end: 0x04,
        interrupt: 0x03,
        quit: 0x1c,
    };

    fn typed(keys: &str) -> (String, Step) {
        let mut lines = Lines::new(KEYS);
        let mut last = Step::More;
        for byte in keys.bytes() {
            last = lines.take(byte, &mut Vec::new());
            if last != Step::More {
                break;
            }
        }
        let text = String::from_utf8(lines.into_text().bytes.to_vec()).expect("UTF-8");
        (text, last)
    }

    #[test]
    fn a_text_ends_with_a_dot_or_with_ctrl_d() {
        assert_eq!(typed("one\ntwo\n.\nx"), ("one\ntwo\n".into(), Step::End));
        assert_eq!(typed("one\n\u{4}"), ("one\n".into(), Step::End));
        assert_eq!(typed("on\u{4}e\n."), ("one\n.\n".into(), Step::More));
    }

    #[test]
    fn keys_that_take_back_take_whole_characters_words_and_lines() {
        assert_eq!(typed("жу\u{7f}\u{7f}\u{7f}к").0, "к\n");
        assert_eq!(typed("two words \u{17}one").0, "two one\n");
        assert_eq!(typed("kept\ngone\u{15}left").0, "kept\nleft\n");
    }

    #[test]
    fn an_arrow_key_leaves_nothing_in_the_text() {
        assert_eq!(typed("a\u{1b}[Db\u{1b}[1;5Cc\u{1b}OPd").0, "abcd\n");
    }

    #[test]
    fn ctrl_c_is_an_interruption_and_no_character() {
        assert_eq!(typed("a\u{3}").1, Step::Interrupt);
    }

    #[test]
    fn of_a_text_without_end_the_length_is_known_and_a_part_is_kept() {
        let mut text = Typed::default();
        (0..MOST + 5).for_each(|_| text.push(b'a'));
        assert_eq!((text.bytes.len(), text.length), (MOST, MOST as u64 + 5));
        assert!(!text.is_whole());
    }
}
