//! The file of a roster: a line for each shift, `FROM, UNTIL, OFFICER`, each time with its zone. Empty lines and those that begin
//! with `#` say nothing.

use std::io::Read as _;
use std::path::Path;
use std::str::FromStr as _;

use openline_wire::limits;
use openline_wire::zoned::Zoned;

use crate::api::types::NewShift;
use crate::cli::failure::{Exit, Failure};
use crate::home::files;

/// Reads the file, or what is piped in if it is called `-`.
pub fn read(path: &Path) -> Result<Vec<NewShift>, Failure> {
    let bytes = match path == Path::new("-") {
        true => piped()?,
        false => files::read_limited(path, limits::FILE)?.to_vec(),
    };
    let no_text = |_| Failure::file(path, &std::io::ErrorKind::InvalidData.into());
    parse(std::str::from_utf8(&bytes).map_err(no_text)?)
}

fn piped() -> Result<Vec<u8>, Failure> {
    let failed = |error: &std::io::Error| Failure::file("-", error);
    let mut bytes = Vec::new();
    let most = limits::FILE as u64 + 1;
    let input = std::io::stdin().lock();
    input
        .take(most)
        .read_to_end(&mut bytes)
        .map_err(|error| failed(&error))?;
    match bytes.len() > limits::FILE {
        true => Err(failed(&std::io::ErrorKind::FileTooLarge.into())),
        false => Ok(bytes),
    }
}

fn parse(text: &str) -> Result<Vec<NewShift>, Failure> {
    let text = text.trim_start_matches('\u{feff}');
    let lines = text.lines().enumerate();
    let meant = lines.filter(|(_, line)| !line.trim().is_empty() && !line.trim().starts_with('#'));
    let shift = |(number, line): (usize, &str)| {
        shift(line).map_err(|why| {
            let failure = Failure::new(Exit::Usage, "error-roster-line");
            failure.with("line", number + 1).with("why", why)
        })
    };
    meant.map(shift).collect()
}

/// A shift, or the word for what is wrong with the line.
fn shift(line: &str) -> Result<NewShift, &'static str> {
    let mut parts = line.splitn(3, ',').map(str::trim);
    let (from, until) = (parts.next(), parts.next());
    let officer = parts.next().filter(|name| !name.is_empty());
    let (Some(from), Some(until), Some(officer)) = (from, until, officer) else {
        return Err("three-parts");
    };
    let moment = |text| Zoned::from_str(text).map(|it| it.utc_ms());
    let from_ms = moment(from).map_err(|error| error.code())?;
    let until_ms = moment(until).map_err(|error| error.code())?;
    match from_ms < until_ms {
        true => Ok(NewShift {
            from_ms,
            until_ms,
            officer: officer.to_owned(),
        }),
        false => Err("backwards"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 3_600_000;

    /// The word for what is wrong with a line.
    fn wrong(line: &str) -> Option<&'static str> {
        shift(line).err()
    }

    #[test]
    fn a_file_has_a_shift_in_each_line_and_each_time_has_its_zone() {
        let text = "\u{feff}# Moscow\n\n2026-11-29T08:00+03:00, 2026-11-29 20:00+03:00, Lt. Orlova, A.\r\n\
            2026-11-29T17:00Z,2026-11-30T05:00Z,Капитан Петров\n";
        let Ok(shifts) = parse(text) else {
            panic!("two shifts");
        };
        let [first, second] = shifts.as_slice() else {
            panic!("two shifts: {shifts:?}");
        };
        assert_eq!(first.officer, "Lt. Orlova, A.");
        assert_eq!(first.until_ms - first.from_ms, 12 * HOUR);
        assert_eq!(first.until_ms, second.from_ms);
        assert_eq!(second.officer, "Капитан Петров");
    }

    #[test]
    fn a_time_without_a_zone_is_never_guessed() {
        let (day, late) = ("2026-11-29T08:00Z", "2026-11-29T20:00Z");
        assert_eq!(
            wrong(&format!("2026-11-29T08:00, {late}, Orlova")),
            Some("time-without-zone")
        );
        assert_eq!(wrong(&format!("{late}, {day}, Orlova")), Some("backwards"));
        assert_eq!(wrong(&format!("{day}, {day}, Orlova")), Some("backwards"));
        assert_eq!(
            wrong(&format!("2026-02-30T08:00Z, {late}, Orlova")),
            Some("time-day")
        );
        for line in [format!("{day}, {late}"), format!("{day}, {late}, ")] {
            assert_eq!(wrong(&line), Some("three-parts"));
        }
    }
}
