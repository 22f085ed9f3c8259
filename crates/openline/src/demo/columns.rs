//! Two texts side by side, or one below the other where the screen is narrow.

use unicode_segmentation::UnicodeSegmentation as _;

use super::screen::Side;

/// Columns of a screen whose width nobody tells.
const USUAL_WIDTH: usize = 110;

/// Below this width two columns are too narrow to read.
const NARROW: usize = 80;

/// Columns before a text: the bullet and a space.
const LEAD: usize = 4;

/// Columns before what stands on a terminal.
const TERMINAL_INDENT: usize = 6;

/// How wide the screen is.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    width: usize,
}

/// A row of the screen behind its bullet.
pub struct Row {
    /// Whether the bullet stands before it.
    pub is_first: bool,
    /// In the left column.
    pub left: String,
    /// Columns between the two.
    pub gap: usize,
    /// In the right column.
    pub right: String,
}

impl Layout {
    /// The width of the terminal, if there is one.
    pub fn of_standard_output() -> Self {
        let size = rustix::termios::tcgetwinsize(std::io::stdout());
        let columns = size
            .map(|size| usize::from(size.ws_col))
            .unwrap_or_default();
        Self {
            width: if columns == 0 { USUAL_WIDTH } else { columns },
        }
    }

    /// Both texts, broken into rows.
    pub fn rows(self, left: &str, right: &str) -> Vec<Row> {
        match self.width < NARROW {
            true => self.stacked(left, right),
            false => self.beside(left, right),
        }
    }

    fn stacked(self, above: &str, below: &str) -> Vec<Row> {
        let room = self.width.saturating_sub(LEAD);
        let texts = wrap(above, room).into_iter().chain(wrap(below, room));
        let row = |(place, left)| Row {
            is_first: place == 0,
            left,
            gap: 0,
            right: String::new(),
        };
        texts.enumerate().map(row).collect()
    }

    fn beside(self, left: &str, right: &str) -> Vec<Row> {
        let column = self.column();
        let room = column - LEAD - 1;
        let (left, right) = (wrap(left, room), wrap(right, room));
        let row = |place: usize| {
            let left = left.get(place).cloned().unwrap_or_default();
            Row {
                is_first: place == 0,
                gap: (column - LEAD).saturating_sub(width_of(&left)),
                left,
                right: right.get(place).cloned().unwrap_or_default(),
            }
        };
        (0..left.len().max(right.len())).map(row).collect()
    }

    /// Columns before what stands on a side's terminal.
    pub fn terminal_indent(self, side: Side) -> usize {
        match side {
            Side::Right if self.width >= NARROW => self.column(),
            _ => TERMINAL_INDENT,
        }
    }

    /// Columns for what stands on a terminal.
    pub fn terminal_room(self) -> usize {
        let column = if self.width < NARROW {
            self.width
        } else {
            self.column()
        };
        column.saturating_sub(TERMINAL_INDENT + 3)
    }

    fn column(self) -> usize {
        self.width / 2
    }
}

/// Columns that a text takes. Latin and Cyrillic, which is all the demo writes, take one for each grapheme.
fn width_of(text: &str) -> usize {
    text.graphemes(true).count()
}

/// Breaks a text at spaces into rows of at most `room` columns; a longer word gets a row of its own.
pub fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut rows = Vec::new();
    let mut row = String::new();
    for word in text.split_whitespace() {
        if !row.is_empty() && width_of(&row) + 1 + width_of(word) > room {
            rows.push(std::mem::take(&mut row));
        }
        if !row.is_empty() {
            row.push(' ');
        }
        row.push_str(word);
    }
    rows.push(row);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_broken_at_spaces_and_a_long_word_stands_alone() {
        assert_eq!(wrap("аб вг деё", 5), ["аб вг", "деё"]);
        assert_eq!(wrap("a 1234567 b", 3), ["a", "1234567", "b"]);
        assert_eq!(wrap("", 3), [""]);
    }

    #[test]
    fn the_right_column_begins_at_one_place_in_every_row() {
        let rows = Layout { width: 80 }.rows("short", "раз два три ".repeat(9).as_str());
        assert!(rows.len() > 1);
        for row in &rows {
            assert_eq!(LEAD + width_of(&row.left) + row.gap, 40);
        }
    }

    #[test]
    fn on_a_narrow_screen_the_languages_stand_one_below_the_other() {
        let rows = Layout { width: 60 }.rows("Open", "Открыта");
        let texts: Vec<_> = rows.iter().map(|row| row.left.as_str()).collect();
        assert_eq!(texts, ["Open", "Открыта"]);
    }
}
