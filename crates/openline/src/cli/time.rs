//! Times and durations as a person writes and reads them. Always UTC, marked Z: two parties in two zones read
//! one time.

use jiff::{SignedDuration, Timestamp};

use super::failure::{Exit, Failure};

/// Milliseconds since 1970 now, by this machine's clock.
pub fn now_ms() -> u64 {
    crate::station::clock::wall()
}

/// `2026-02-24 08:00:12Z`
pub fn date_and_time(ms: u64) -> String {
    format(ms, "%Y-%m-%d %H:%M:%SZ")
}

/// `08:00:12Z`
pub fn clock(ms: u64) -> String {
    format(ms, "%H:%M:%SZ")
}

/// `2026-02-24`
pub fn date(ms: u64) -> String {
    format(ms, "%Y-%m-%d")
}

/// `08:00:12Z`, and the date before it if it is not today's.
pub fn time_of_day(ms: u64) -> String {
    let day = |ms| format(ms, "%Y-%m-%d");
    match day(ms) == day(now_ms()) {
        true => format(ms, "%H:%M:%SZ"),
        false => date_and_time(ms),
    }
}

fn format(ms: u64, form: &str) -> String {
    let ms = i64::try_from(ms).unwrap_or(i64::MAX);
    match Timestamp::from_millisecond(ms) {
        Ok(time) => time.strftime(form).to_string(),
        Err(_) => "9999-12-31 23:59:59Z".to_owned(),
    }
}

/// `12 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`: two units at most. The unit signs of the SI are the same in
/// both languages' scripts only for the Latin one, so they are messages too.
pub fn span(ms: u64, words: &crate::i18n::Catalog) -> String {
    const UNITS: [(&str, u64); 4] = [
        ("unit-day", 86_400_000),
        ("unit-hour", 3_600_000),
        ("unit-minute", 60_000),
        ("unit-second", 1_000),
    ];
    if ms < 1_000 {
        return words.fill("unit-millisecond", &[("n", ms.into())]);
    }
    let mut rest = ms;
    let mut parts = Vec::new();
    for (unit, length) in UNITS {
        let count = rest / length;
        rest %= length;
        if count > 0 && parts.len() < 2 {
            parts.push(words.fill(unit, &[("n", count.into())]));
        } else if !parts.is_empty() {
            break;
        }
    }
    parts.join(" ")
}

/// Reads `30s`, `10m`, `2h 30m`, `1d`, and the same with Russian letters.
pub fn duration_ms(text: &str) -> Result<u64, Failure> {
    let jiffs = || -> Option<u64> {
        let parsed: SignedDuration = text.parse().ok()?;
        u64::try_from(parsed.as_millis()).ok()
    };
    let ms = in_units(text).or_else(jiffs).filter(|ms| *ms > 0);
    let has_no_unit = text.trim().bytes().all(|byte| byte.is_ascii_digit());
    let id = match has_no_unit && !text.trim().is_empty() {
        true => "error-duration-unit",
        false => "error-duration",
    };
    ms.ok_or_else(|| Failure::new(Exit::Usage, id).naming("given", text.trim()))
}

/// Numbers with a unit each, with or without room between them.
fn in_units(text: &str) -> Option<u64> {
    let mut rest = text.trim();
    let mut sum = None;
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let number: u64 = rest[..end].parse().ok()?;
        rest = rest[end..].trim_start();
        let end = rest.find(|letter: char| !letter.is_alphabetic());
        let (unit, behind) = rest.split_at(end.unwrap_or(rest.len()));
        let length = match unit.to_lowercase().as_str() {
            "s" | "sec" | "с" | "сек" => 1_000,
            "m" | "min" | "м" | "мин" => 60_000,
            "h" | "ч" => 3_600_000,
            "d" | "д" => 86_400_000,
            _ => return None,
        };
        let add = number.checked_mul(length)?;
        sum = Some(sum.unwrap_or(0_u64).checked_add(add)?);
        rest = behind.trim_start();
    }
    sum
}

/// Reads a time, or an age that is counted back from now.
pub fn moment_ms(text: &str) -> Option<u64> {
    if let Ok(age) = duration_ms(text) {
        return Some(now_ms().saturating_sub(age));
    }
    // A time without a zone is UTC like all others here; a date alone is its midnight. A named zone is none of ours.
    let civil = || {
        text.parse::<jiff::civil::DateTime>()
            .ok()
            .filter(|_| !text.contains('['))
    };
    let utc = || civil()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
    let time = text.parse::<Timestamp>().ok();
    let time = time.or_else(|| utc().map(|zoned| zoned.timestamp()));
    u64::try_from(time?.as_millisecond()).ok()
}

/// Reads a time that is to come: `04:00Z` is the next time that it is so, `2h` counts from now, and a whole date is one.
pub fn coming_ms(text: &str) -> Result<u64, Failure> {
    let now = now_ms();
    coming_after(now, text.trim())
        .filter(|at| at - now <= LONGEST_MS)
        .ok_or_else(|| Failure::new(Exit::Usage, "error-time-to-come").naming("given", text.trim()))
}

/// Nobody is called back later than in a year: it is a slip of the finger.
const LONGEST_MS: u64 = 366 * 86_400_000;

fn coming_after(now: u64, text: &str) -> Option<u64> {
    const DAY: u64 = 86_400_000;
    if let Ok(span) = duration_ms(text) {
        return now.checked_add(span);
    }
    // A time without its zone is another one for each reader; a whole date would be read for its time of day, and its zone passed over.
    let clock = text.strip_suffix(['Z', 'z']).unwrap_or_default();
    let is_clock = clock.bytes().all(|b| b.is_ascii_digit() || b == b':');
    if let (true, Ok(time)) = (is_clock, clock.parse::<jiff::civil::Time>()) {
        let since_midnight = time.duration_since(jiff::civil::Time::midnight());
        let today = now - now % DAY + u64::try_from(since_midnight.as_millis()).ok()?;
        return Some(if today > now { today } else { today + DAY });
    }
    moment_ms(text).filter(|at| *at > now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{Catalog, Language};

    #[test]
    fn a_time_of_day_is_the_next_one_and_never_one_that_is_over() {
        let noon = 1_645_704_000_000; // 2022-02-24 12:00:00Z
        let hour = 3_600_000;
        for (typed, expected) in [
            ("16:00Z", Some(noon + 4 * hour)),
            ("16:00", None),
            ("04:00Z", Some(noon + 16 * hour)),
            ("12:00Z", Some(noon + 24 * hour)),
            ("2h", Some(noon + 2 * hour)),
            ("2022-02-24T13:00:00Z", Some(noon + hour)),
            ("2022-02-24T13:00:00+03:00", None),
            ("2022-02-24T11:00:00Z", None),
            ("25:00Z", None),
            ("soon", None),
        ] {
            assert_eq!(coming_after(noon, typed), expected, "{typed}");
        }
    }

    #[test]
    fn durations_are_read_as_people_write_them() {
        for (text, ms) in [
            ("30s", 30_000),
            ("10m", 600_000),
            ("2h 30m", 9_000_000),
            ("24h", 86_400_000),
            ("1d", 86_400_000),
            ("1 h", 3_600_000),
            ("1ч", 3_600_000),
            ("2 ч 30 мин", 9_000_000),
            ("1д12ч", 129_600_000),
            ("PT5M", 300_000),
            ("1500ms", 1_500),
        ] {
            assert_eq!(duration_ms(text).ok(), Some(ms), "{text}");
        }
        for wrong in [
            "",
            "10",
            "-5s",
            "0s",
            "soon",
            "s",
            "5x",
            "99999999999999999999d",
            "200000000000000d",
        ] {
            assert!(duration_ms(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_moment_is_a_time_a_day_or_an_age() {
        assert_eq!(moment_ms("1970-01-02"), Some(86_400_000));
        assert_eq!(moment_ms("1970-01-01T00:00:01Z"), Some(1_000));
        assert_eq!(moment_ms("1970-01-02T23:59"), Some(172_740_000));
        assert_eq!(moment_ms("1970-01-02 23:59"), Some(172_740_000));
        assert_eq!(moment_ms("1970-01-02T23:59+01:00"), Some(169_140_000));
        assert_eq!(moment_ms("1970-01-02T23:59[Europe/Moscow]"), None);
        assert!(moment_ms("1h").is_some_and(|ms| ms < now_ms()));
        assert_eq!(moment_ms("yesterday-ish"), None);
    }

    #[test]
    fn a_span_has_at_most_two_units() {
        let words = Catalog::new(Language::English);
        for (ms, text) in [
            (250, "250 ms"),
            (12_000, "12 s"),
            (200_000, "3 min 20 s"),
            (7_500_000, "2 h 5 min"),
            (7_203_000, "2 h"),
            (273_600_000, "3 d 4 h"),
        ] {
            assert_eq!(span(ms, &words), text);
        }
    }
}
