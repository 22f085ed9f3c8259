//! A time as people agree on it: date, time of day, and the zone that it is given in (ISO 8601, RFC 3339).
//!
//! Two are equal only if moment and zone are: who reads a time back repeats it, and does not convert it in his head.

use core::fmt;
use core::str::FromStr;

use thiserror::Error;

use crate::cbor::{Canonical, DecodeError, Reader, Writer, invalid};
use crate::limits;

/// Seconds of a day.
const DAY_S: i64 = 86_400;

/// The last second that has a calendar form.
const LATEST_S: i64 = (limits::LATEST_TIME_MS / 1000) as i64;

/// Zones of the world lie between these, in minutes east of UTC.
const WESTMOST_MIN: i64 = -12 * 60;
const EASTMOST_MIN: i64 = 14 * 60;

/// All zones are whole quarters of an hour from UTC; +03:10 is a slip of the finger.
const ZONE_STEP_MIN: i64 = 15;

/// A moment and its zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Zoned {
    utc_s: u64,
    offset_min: i64,
}

impl Zoned {
    /// A moment in seconds since 1970 in UTC, given in a zone of so many minutes east of it. None for a zone that there is
    /// not, or where either calendar has no such year.
    pub fn new(utc_s: u64, offset_min: i64) -> Option<Self> {
        let is_zone =
            (WESTMOST_MIN..=EASTMOST_MIN).contains(&offset_min) && offset_min % ZONE_STEP_MIN == 0;
        let utc = i64::try_from(utc_s).ok()?;
        let has_form = |second: i64| (0..=LATEST_S).contains(&second);
        let fits = is_zone && has_form(utc) && has_form(utc + offset_min * 60);
        fits.then_some(Self { utc_s, offset_min })
    }

    /// The moment, in milliseconds since 1970 in UTC.
    pub fn utc_ms(&self) -> u64 {
        self.utc_s * 1000
    }

    /// The zone, in minutes east of UTC.
    pub fn offset_min(&self) -> i64 {
        self.offset_min
    }
}

impl Canonical for Zoned {
    fn write(&self, w: &mut Writer) {
        w.array(2).uint(self.utc_s).int(self.offset_min);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array_of("time with zone", 2)?;
        let (utc_s, offset_min) = (r.uint("time")?, r.int("zone")?);
        Self::new(utc_s, offset_min).ok_or(invalid("time with zone"))
    }
}

/// Why what was typed is no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ZonedError {
    /// Not of the form `2026-11-28T22:30+02:00`, seconds if they matter.
    #[error("not of the form 2026-11-28T22:30+02:00")]
    Form,
    /// No zone stands behind it. It is never guessed.
    #[error("the zone is missing: write Z for UTC, or +02:00")]
    NoZone,
    /// No zone of the world.
    #[error("there is no such zone")]
    Zone,
    /// The calendar has no such day, or lies outside 1970 to 9999.
    #[error("there is no such day")]
    Day,
    /// A day has no such time.
    #[error("there is no such time of day")]
    Time,
}

impl ZonedError {
    /// A stable name for messages and for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Form => "time-form",
            Self::NoZone => "time-without-zone",
            Self::Zone => "time-zone",
            Self::Day => "time-day",
            Self::Time => "time-of-day",
        }
    }
}

impl FromStr for Zoned {
    type Err = ZonedError;

    fn from_str(text: &str) -> Result<Self, ZonedError> {
        if text.len() > limits::TIME_TYPED || !text.is_ascii() {
            return Err(ZonedError::Form);
        }
        let text = text.trim().to_ascii_uppercase();
        let (date, rest) = text.split_once(['T', ' ']).ok_or(ZonedError::Form)?;
        let zone_at = rest.find(['Z', '+', '-']).ok_or(ZonedError::NoZone)?;
        let (time, zone) = rest.split_at(zone_at);
        let day = day_of(date)?;
        let second = second_of(time)?;
        let offset_min = offset_of(zone)?;
        let utc = day * DAY_S + second - offset_min * 60;
        let utc = u64::try_from(utc).map_err(|_| ZonedError::Day)?;
        Self::new(utc, offset_min).ok_or(ZonedError::Day)
    }
}

/// Digits, exactly so many.
fn number(text: &str, digits: usize, wrong: ZonedError) -> Result<i64, ZonedError> {
    let is_number = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten().ok_or(wrong)
}

fn day_of(date: &str) -> Result<i64, ZonedError> {
    let mut parts = date.splitn(3, '-');
    let mut next = |digits| number(parts.next().unwrap_or(""), digits, ZonedError::Form);
    let (year, month, day) = (next(4)?, next(2)?, next(2)?);
    let is_day = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    is_day
        .then(|| days_from(year, month, day))
        .ok_or(ZonedError::Day)
}

fn second_of(time: &str) -> Result<i64, ZonedError> {
    let mut parts = time.splitn(3, ':');
    let next = |text: Option<&str>| number(text.unwrap_or(""), 2, ZonedError::Form);
    let (hour, minute) = (next(parts.next())?, next(parts.next())?);
    let second = match parts.next() {
        Some(text) => next(Some(text))?,
        None => 0,
    };
    // No leap second: the clocks of stations have none.
    let is_time = hour < 24 && minute < 60 && second < 60;
    is_time
        .then_some((hour * 60 + minute) * 60 + second)
        .ok_or(ZonedError::Time)
}

fn offset_of(zone: &str) -> Result<i64, ZonedError> {
    if zone == "Z" {
        return Ok(0);
    }
    let (sign, rest) = match zone.split_at(1) {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return Err(ZonedError::Zone),
    };
    let (hours, minutes) = rest.split_once(':').ok_or(ZonedError::Zone)?;
    let hours = number(hours, 2, ZonedError::Zone)?;
    let minutes = number(minutes, 2, ZonedError::Zone)?;
    let offset = sign * (hours * 60 + minutes);
    // RFC 3339 section 4.3: -00:00 says that the zone is not known.
    let is_unknown = sign < 0 && offset == 0;
    let is_zone = minutes < 60 && !is_unknown && Zoned::new(DAY_S as u64, offset).is_some();
    is_zone.then_some(offset).ok_or(ZonedError::Zone)
}

impl fmt::Display for Zoned {
    /// What reads back as the same time; UTC is written `Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.utc_s as i64 + self.offset_min * 60;
        let (year, month, day) = date_of(local / DAY_S);
        let (hour, minute, second) = (local / 3600 % 24, local / 60 % 60, local % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}")?;
        if second != 0 {
            write!(f, ":{second:02}")?;
        }
        let (sign, offset) = (
            if self.offset_min < 0 { '-' } else { '+' },
            self.offset_min.abs(),
        );
        match offset {
            0 => f.write_str("Z"),
            _ => write!(f, "{sign}{:02}:{:02}", offset / 60, offset % 60),
        }
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 to the first day of a year.
fn days_to_year(year: i64) -> i64 {
    let before = year - 1;
    let leaps = before / 4 - before / 100 + before / 400;
    // 719,162 days lie between 0001-01-01 and 1970-01-01.
    before * 365 + leaps - 719_162
}

fn days_from(year: i64, month: i64, day: i64) -> i64 {
    let months: i64 = (1..month).map(|month| days_in(year, month)).sum();
    days_to_year(year) + months + day - 1
}

fn date_of(days: i64) -> (i64, i64, i64) {
    // Years are at least 365 days long, so this guess is never too early, and at most 20 years too late in the year 9999.
    let mut year = 1970 + days / 365;
    while days_to_year(year) > days {
        year -= 1;
    }
    let mut rest = days - days_to_year(year);
    let mut month = 1;
    while rest >= days_in(year, month) {
        rest -= days_in(year, month);
        month += 1;
    }
    (year, month, rest + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<Zoned, ZonedError> {
        text.parse()
    }

    /// OL-602 OL-664: the seconds are those that `date -u -d … +%s` prints.
    #[test]
    fn times_are_read_as_others_read_them() {
        for (text, utc_s, offset) in [
            ("1970-01-01T00:00Z", 0, 0),
            ("2026-11-28T22:30+02:00", 1_795_897_800, 120),
            ("2026-11-28 22:30:05-03:30", 1_795_917_605, -210),
            ("2028-02-29T00:00+05:45", 1_835_374_500, 345),
            ("9999-12-31T23:59:59Z", 253_402_300_799, 0),
        ] {
            assert_eq!(
                read(text),
                Ok(Zoned::new(utc_s, offset).expect("a time")),
                "{text}"
            );
        }
    }

    /// OL-664
    #[test]
    fn what_is_no_time_is_refused_for_what_is_wrong_with_it() {
        use ZonedError::{Day, Form, NoZone, Time, Zone};
        for (text, wrong) in [
            ("2026-11-28T22:30", NoZone),
            ("2026-11-28T22:30+02", Zone),
            ("2026-11-28T22:30+0200", Zone),
            ("2026-11-28T22:30-00:00", Zone),
            ("2026-11-28T22:30+03:10", Zone),
            ("2026-11-28T22:30+15:00", Zone),
            ("2026-11-28T22:30Z+1", Zone),
            ("2026-02-29T22:30Z", Day),
            ("2026-13-01T22:30Z", Day),
            ("2026-11-00T22:30Z", Day),
            ("1969-12-31T22:30Z", Day),
            ("1970-01-01T00:30+01:00", Day),
            ("2026-11-28T24:00Z", Time),
            ("2026-11-28T22:60Z", Time),
            ("2026-11-28T22:30:60Z", Time),
            ("2026-11-28", Form),
            ("26-11-28T22:30Z", Form),
            ("2026-11-28T2:30Z", Form),
            ("28.11.2026T22:30Z", Form),
            ("２026-11-28T22:30Z", Form),
            ("", Form),
        ] {
            assert_eq!(read(text), Err(wrong), "{text}");
        }
    }

    /// OL-602: every day from 1970 to 9999, counted one by one.
    #[test]
    fn the_calendar_has_no_gap() {
        let mut expected = (1970, 1, 1);
        for days in 0..=LATEST_S / DAY_S {
            assert_eq!(date_of(days), expected);
            let (year, month, day) = expected;
            assert_eq!(days_from(year, month, day), days);
            expected = match (month, day == days_in(year, month)) {
                (12, true) => (year + 1, 1, 1),
                (_, true) => (year, month + 1, 1),
                _ => (year, month, day + 1),
            };
        }
        assert_eq!(expected, (10_000, 1, 1));
    }

    fn any() -> impl Strategy<Value = Zoned> {
        let seconds = 86_400u64..4_000_000_000;
        (seconds, -48i64..=56).prop_map(|(utc_s, quarters)| {
            Zoned::new(utc_s, quarters * ZONE_STEP_MIN).expect("a time")
        })
    }

    proptest! {
        /// OL-602
        #[test]
        fn every_time_reads_back(time in any()) {
            prop_assert_eq!(time.to_string().parse(), Ok(time));
            prop_assert_eq!(Zoned::from_bytes(&time.to_bytes()), Ok(time));
        }

        /// OL-642: no digit and no sign of the zone can change without the time being another one, or none.
        #[test]
        fn a_changed_digit_or_zone_is_another_time(time in any()) {
            let text = time.to_string();
            for wrong in crate::testing::slips(&text) {
                prop_assert_ne!(wrong.parse(), Ok(time), "{} for {}", wrong, text);
            }
            for quarters in -48i64..=56 {
                let other = Zoned::new(time.utc_s, quarters * ZONE_STEP_MIN);
                let is_same = quarters * ZONE_STEP_MIN == time.offset_min;
                prop_assert_eq!(other == Some(time), is_same);
            }
        }
    }
}
