//! Times and durations as a person writes and reads them. Always UTC, marked Z: two parties in two zones read
//! one time.

use jiff::{SignedDuration, Timestamp};

use super::failure::{Exit, Failure};

/// Milliseconds since 1970 now, by this machine's clock.
pub fn now_ms() -> u64 {
    u64::try_from(Timestamp::now().as_millisecond()).unwrap_or_default()
}

/// `2026-02-24 08:00:12Z`
pub fn date_and_time(ms: u64) -> String {
    format(ms, "%Y-%m-%d %H:%M:%SZ")
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

/// Reads `30s`, `10m`, `2h 30m`.
pub fn duration_ms(text: &str) -> Result<u64, Failure> {
    let parsed: Result<SignedDuration, _> = text.parse();
    let ms = parsed
        .ok()
        .and_then(|length| u64::try_from(length.as_millis()).ok());
    ms.filter(|ms| *ms > 0)
        .ok_or_else(|| Failure::new(Exit::Usage, "error-duration").with("given", text.to_owned()))
}

/// Reads a time, or an age that is counted back from now.
pub fn moment_ms(text: &str) -> Option<u64> {
    if let Ok(age) = duration_ms(text) {
        return Some(now_ms().saturating_sub(age));
    }
    let date = || text.parse::<jiff::civil::Date>().ok();
    let midnight = || date()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
    let time = text.parse::<Timestamp>().ok();
    let time = time.or_else(|| midnight().map(|zoned| zoned.timestamp()));
    u64::try_from(time?.as_millisecond()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{Catalog, Language};

    #[test]
    fn durations_are_read_as_people_write_them() {
        for (text, ms) in [
            ("30s", 30_000),
            ("10m", 600_000),
            ("2h 30m", 9_000_000),
            ("24h", 86_400_000),
        ] {
            assert_eq!(duration_ms(text).ok(), Some(ms), "{text}");
        }
        for wrong in ["", "10", "-5s", "0s", "soon"] {
            assert!(duration_ms(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_moment_is_a_time_a_day_or_an_age() {
        assert_eq!(moment_ms("1970-01-02"), Some(86_400_000));
        assert_eq!(moment_ms("1970-01-01T00:00:01Z"), Some(1_000));
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
