//! Lines that fit the screen. What somebody else wrote stands behind a margin on every line of the screen, so that
//! no padding brings his words to where headers, verdicts and prompts stand: at the left edge (situation 6).

use std::io::IsTerminal;
use std::os::fd::AsFd;

use unicode_width::UnicodeWidthChar as _;

/// Before every line of a text.
pub const MARGIN: &str = "    │ ";

/// Columns where nothing says how wide the screen is: a pipe, that somebody may look at later, and no `COLUMNS` in the
/// environment (POSIX, Base Definitions, 8.3).
const COLUMNS: usize = 80;

/// Narrower than this nothing can be read; wider than the screen it is then all the same.
const FEWEST: usize = 20;

/// What we say to a person on this stream, cut to its terminal. A pipe or a file gets whole lines, for other programs
/// to find what they look for.
pub fn said(text: &str, stream: impl IsTerminal + AsFd) -> String {
    match stream.is_terminal() {
        true => message(text, columns_of(stream)),
        false => text.to_owned(),
    }
}

/// A label and what stands beside it, further lines under their first; what can't be cut between words there has lines of
/// its own. A pipe or a file gets one line, as with [`said`].
pub fn row(label: &str, value: &str, stream: impl IsTerminal + AsFd) -> Vec<String> {
    match stream.is_terminal() {
        true => row_in(label, value, columns_of(stream)),
        false => vec![format!("{label}{value}")],
    }
}

fn row_in(label: &str, value: &str, columns: usize) -> Vec<String> {
    let room = columns.saturating_sub(width(label));
    let longest = value.split(' ').map(width).max().unwrap_or(0);
    if longest <= room {
        return wrap(value, label, &" ".repeat(width(label)), columns);
    }
    let mut lines = vec![label.trim_end().to_owned()];
    lines.extend(wrap(value, UNDER, UNDER, columns));
    lines
}

/// Before what does not fit beside its label.
const UNDER: &str = "      ";

/// How many columns standard output has.
pub fn columns() -> usize {
    columns_of(std::io::stdout())
}

/// How many lines standard output shows at once; none if nothing says so.
pub fn rows() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
    Some(usize::from(size.ws_row)).filter(|rows| *rows > 0)
}

/// As many of the first lines as a window of so many rows shows, the last of them for what says how many are left out.
pub fn first_of(
    mut lines: Vec<String>,
    rows: usize,
    left_out: impl FnOnce(usize) -> String,
) -> Vec<String> {
    // The cursor stands below the last line.
    let shown = rows.saturating_sub(1).max(1);
    if lines.len() > shown {
        let rest = lines.split_off(shown - 1);
        lines.push(left_out(rest.len()));
    }
    lines
}

fn columns_of(stream: impl AsFd) -> usize {
    let size = rustix::termios::tcgetwinsize(stream);
    match size.map(|size| usize::from(size.ws_col)) {
        Ok(0) | Err(_) => columns_told().unwrap_or(COLUMNS).max(FEWEST),
        Ok(columns) => columns.max(FEWEST),
    }
}

/// What the environment says that lines have.
fn columns_told() -> Option<usize> {
    std::env::var("COLUMNS").ok()?.parse().ok()
}

/// Cuts one line into lines of so many columns, between words where that is possible. `first` stands before the
/// first of them, `rest` before the others. Colours of ours take no room.
pub fn wrap(line: &str, first: &str, rest: &str, columns: usize) -> Vec<String> {
    let mut sheet = Sheet::new(first, rest, columns);
    for piece in line.split_inclusive(' ') {
        let word = piece.trim_end_matches(' ');
        sheet.word(word);
        sheet.spaces(piece.len() - word.len());
    }
    sheet.end()
}

/// Cuts a line that was cut before to fewer columns. What somebody else wrote stays behind its margin.
pub fn again(line: &str, columns: usize) -> Vec<String> {
    if width(line) <= columns {
        return vec![line.to_owned()];
    }
    match line.strip_prefix(MARGIN) {
        Some(text) => wrap(text, MARGIN, MARGIN, columns),
        None => {
            let words = line.trim_start_matches(' ');
            let indent = &line[..line.len() - words.len()];
            wrap(words, indent, &format!("{indent}  "), columns)
        }
    }
}

/// What we say to a person, in lines that fit so many columns. A command in it stays whole, to be copied: what stands
/// between backticks or quotes, and what follows a colon up to the end of the line.
pub fn message(text: &str, columns: usize) -> String {
    let lines = text.lines().flat_map(|line| {
        let words = line.trim_start_matches(' ');
        let indent = &line[..line.len() - words.len()];
        let further = format!("{indent}  ");
        let mut sheet = Sheet::new(indent, &further, columns);
        for (word, spaces) in pieces(words) {
            sheet.whole(word);
            sheet.spaces(spaces);
        }
        sheet.end()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What a command begins with that somebody may copy.
const COMMANDS: [&str; 4] = ["openline ", "chmod ", "sudo ", "iconv "];

/// Words and commands, each with the blanks that follow it.
fn pieces(line: &str) -> Vec<(&str, usize)> {
    let mut pieces = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let end = end_of_piece(line, line.len() - rest.len());
        let (word, after) = rest.split_at(end);
        rest = after.trim_start_matches(' ');
        pieces.push((word, after.len() - rest.len()));
    }
    pieces
}

/// How long the word or command is that begins at `start`.
fn end_of_piece(line: &str, start: usize) -> usize {
    let (before, rest) = line.split_at(start);
    let bare = rest.trim_start_matches(['`', '"', '«', '“']);
    let is_command = COMMANDS.iter().any(|command| bare.starts_with(command));
    let closing = match rest.chars().next() {
        Some('`') => '`',
        Some('"') => '"',
        Some('«') => '»',
        Some('“') => '”',
        _ => '\n',
    };
    let end = match (is_command, bare.len() == rest.len()) {
        (true, true) if before.trim_end().ends_with(':') => Some(rest.len()),
        (true, false) => bare.find(closing).map(|at| rest.len() - bare.len() + at),
        _ => None,
    };
    // Past a command's end goes what is written on to it: the full stop, a bracket.
    let from = end.unwrap_or(0);
    rest[from..].find(' ').map_or(rest.len(), |at| from + at)
}

/// A text of several lines, each behind the margin. A tab is as wide as the terminal likes, so it becomes blanks.
pub fn body(text: &str, columns: usize) -> Vec<String> {
    let lines = text.lines().map(|line| line.replace('\t', "    "));
    lines
        .flat_map(|line| wrap(&line, MARGIN, MARGIN, columns))
        .map(|line| line.trim_end().to_owned())
        .collect()
}

/// How many columns a text takes.
pub fn width(text: &str) -> usize {
    let mut in_colour = false;
    text.chars().map(|c| width_of(c, &mut in_colour)).sum()
}

/// Counted character by character: at least what any terminal makes of the whole. U+FE0F makes some terminals
/// show the character before it in two columns.
fn width_of(c: char, in_colour: &mut bool) -> usize {
    match c {
        '\u{1b}' => *in_colour = true,
        'm' if *in_colour => *in_colour = false,
        '\u{fe0f}' => return 1,
        _ if !*in_colour => return c.width().unwrap_or(1),
        _ => {}
    }
    0
}

struct Sheet<'a> {
    lines: Vec<String>,
    line: String,
    used: usize,
    /// Whether the line has more than what stands before it.
    has_words: bool,
    rest: &'a str,
    columns: usize,
}

impl<'a> Sheet<'a> {
    fn new(first: &str, rest: &'a str, columns: usize) -> Self {
        Self {
            lines: Vec::new(),
            line: first.to_owned(),
            used: width(first),
            has_words: false,
            rest,
            columns,
        }
    }

    fn word(&mut self, word: &str) {
        let room = self.columns.saturating_sub(width(self.rest));
        let needed = width(word);
        if self.used + needed > self.columns && needed <= room && self.has_words {
            self.next_line();
        }
        let mut in_colour = false;
        for c in word.chars() {
            let needed = width_of(c, &mut in_colour);
            if self.used + needed > self.columns && self.has_words && needed > 0 {
                self.next_line();
            }
            self.line.push(c);
            self.used += needed;
            self.has_words = true;
        }
    }

    /// A word or a command that is not cut, however long.
    fn whole(&mut self, word: &str) {
        let needed = width(word);
        if self.used + needed > self.columns && self.has_words {
            self.next_line();
        }
        self.line.push_str(word);
        self.used += needed;
        self.has_words = true;
    }

    /// Blanks that do not fit are what the line is cut at.
    fn spaces(&mut self, count: usize) {
        let room = self.columns.saturating_sub(self.used);
        self.line.extend(std::iter::repeat_n(' ', count.min(room)));
        self.used += count.min(room);
        self.has_words |= count > 0;
    }

    fn next_line(&mut self) {
        let line = std::mem::replace(&mut self.line, self.rest.to_owned());
        self.lines.push(line.trim_end().to_owned());
        self.used = width(self.rest);
        self.has_words = false;
    }

    fn end(mut self) -> Vec<String> {
        self.lines.push(self.line);
        self.lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_padded_for_eighty_columns_never_reaches_the_left_edge() {
        let forged = "M-29  17:40:00Z  FLASH  Moscow";
        let text = format!("calm{}{forged}\n\n{forged}", " ".repeat(70));
        for columns in [20, 40, 79, 80, 81, 200] {
            for line in body(&text, columns) {
                assert!(line.starts_with(MARGIN.trim_end()), "{line:?}");
                assert!(width(&line) <= columns, "{columns}: {line:?}");
            }
        }
    }

    #[test]
    fn a_message_is_cut_between_words_and_its_commands_stay_whole() {
        let said = message(
            "Start it again, then look with `openline traffic --since 24h`.",
            30,
        );
        assert_eq!(
            said,
            "Start it again, then look with\n  `openline traffic --since 24h`."
        );
        let said = message("  Run it so: openline --home /a/long/home station", 24);
        assert_eq!(
            said,
            "  Run it so:\n    openline --home /a/long/home station"
        );
        let said = message("Почему — скажет «openline status».", 20);
        assert_eq!(said, "Почему — скажет\n  «openline status».");
        assert_eq!(message("openline is silent", 12), "openline is\n  silent");
        assert_eq!(message("short\n  lines", 12), "short\n  lines");
        assert_eq!(message("one two three", 8), "one two\n  three");
    }

    #[test]
    fn words_are_kept_whole_and_a_longer_one_than_the_screen_is_cut() {
        let lines = wrap("one two three four", "", "  ", 10);
        assert_eq!(lines, ["one two", "  three", "  four"]);
        let lines = wrap(&"x".repeat(25), "> ", "> ", 12);
        assert_eq!(lines, ["> xxxxxxxxxx", "> xxxxxxxxxx", "> xxxxx"]);
        assert_eq!(wrap("", "> ", "> ", 12), ["> "]);
    }

    #[test]
    fn letters_of_two_columns_and_none_are_counted_as_the_screen_does() {
        assert_eq!(wrap("北京北京", "", "", 4), ["北京", "北京"]);
        assert_eq!(wrap("Москва зовёт", "", "", 6), ["Москва", "зовёт"]);
        assert_eq!(width("e\u{301}"), 1);
        assert_eq!(width("\u{1b}[1;31mFLASH\u{1b}[0m"), 5);
    }

    #[test]
    fn what_stands_beside_a_label_is_cut_between_words_and_an_id_is_not_cut() {
        let row = row_in("  Names   ", "Moscow (en), Москва (ru)", 24);
        assert_eq!(row, ["  Names   Moscow (en),", "          Москва (ru)"]);
        let id = "0123456789abcdef";
        assert_eq!(
            row_in("  Party   ", id, 24),
            ["  Party", &format!("      {id}")]
        );
        assert_eq!(row_in("  Party   ", id, 26), [format!("  Party   {id}")]);
    }

    #[test]
    fn what_does_not_fit_a_window_is_left_out_at_the_end_and_counted() {
        let lines = |count: usize| (0..count).map(|n| n.to_string()).collect::<Vec<_>>();
        let fitted = |count, rows| first_of(lines(count), rows, |rest| format!("+{rest}"));
        assert_eq!(fitted(3, 4), ["0", "1", "2"]);
        assert_eq!(fitted(4, 4), ["0", "1", "+2"]);
        assert_eq!(fitted(9, 1), ["+9"]);
    }

    #[test]
    fn a_tab_does_not_push_words_over_the_edge() {
        for line in body(&"\tM-1\t".repeat(20), 40) {
            assert!(line.starts_with("    │") && width(&line) <= 40, "{line:?}");
        }
    }
}
