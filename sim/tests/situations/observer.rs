//! Somebody who watches a way from outside and sees when frames go and how long they are: what he can tell, and what not (B17).

use openline_proto::config::Cadences;
use openline_proto::contract::Command;
use openline_sim::station::opened_line;
use openline_wire::codes::{Attestation, Mode, Precedence};
use openline_wire::fact::Ring;
use openline_wire::header::Actor;
use openline_wire::ids::PartyId;
use openline_wire::office::{OfficeId, OfficeRef};

use crate::link::{Link, at};

const BEAT_MS: u64 = 100;

/// How long he watches.
const MINUTE_MS: u64 = 60_000;

/// What he sees of a station: when each frame went, counted from the first, and its length.
type Seen = Vec<(u64, usize)>;

/// A line whose both sides keep this beat.
fn line(beat_ms: Option<u64>) -> Link {
    let (mut one, mut other) = opened_line(Cadences::default());
    (one.beat_ms, other.beat_ms) = (beat_ms, beat_ms);
    let mut link = Link::between((one, other), 20, 0, None);
    link.run(3 * MINUTE_MS);
    link
}

/// Lets both live for a minute, in which something is done each second, and tells what is seen of each.
fn watch(link: &mut Link, mut each_second: impl FnMut(&mut Link, u64)) -> [Seen; 2] {
    for station in &mut link.stations {
        station.watched = Some(Vec::new());
    }
    for second in 0..MINUTE_MS / 1_000 {
        each_second(link, second);
        link.run(1_000);
    }
    let seen = |station: usize| {
        let frames = link.stations[station]
            .watched
            .as_deref()
            .unwrap_or_default();
        let timed = frames.iter().map(|(at, length)| (at.unwrap_or(0), *length));
        let mut timed: Seen = timed.collect();
        let first = timed.first().map_or(0, |(at, _)| *at);
        timed
            .iter_mut()
            .for_each(|(at, _)| *at = at.saturating_sub(first));
        timed
    };
    [seen(0), seen(1)]
}

/// Texts of every haste, rings, and tests of the line.
fn busy(link: &mut Link, second: u64) {
    let jones = || Actor {
        name: "Maj. Jones".into(),
        attestation: Attestation::Claimed,
        evidence: String::new(),
    };
    let ticket = 1_000 + 10 * second;
    match second % 4 {
        0 => link.say(ticket, Precedence::Flash),
        1 => link.say_text(
            ticket,
            Precedence::Routine,
            &"Long reports come by night. ".repeat(60),
        ),
        2 => link.stations[0].command_by(jones(), at(link.now), ticket, Command::TestNow),
        _ => link.stations[0].command_by(jones(), at(link.now), ticket, ring()),
    }
}

fn ring() -> Command {
    let head = |party: u8| OfficeRef {
        party: PartyId([party; 32]),
        office: OfficeId::new("head").expect("an identifier"),
    };
    Command::Ring {
        ring: Box::new(Ring {
            from: head(1),
            to: head(2),
            mode: Mode::Text,
            for_ms: 5_000,
            exercise: None,
        }),
        precedence: Precedence::Flash,
        mark: openline_wire::codes::Mark::Real,
        text: String::new(),
        language: "en".into(),
    }
}

/// OL-459: a minute of silence and one full of texts, rings and tests look the same, from either side, frame by frame.
#[test]
fn at_a_constant_rate_nobody_who_watches_can_tell_a_text_from_silence() {
    let mut link = line(Some(BEAT_MS));
    let before = link.received();
    let silence = watch(&mut link, |_, _| {});
    let talk = watch(&mut link, busy);
    link.run(10_000);
    assert!(link.received() >= before + 30, "the texts have arrived");
    assert_eq!(link.known(), 0, "and that is known");
    for (silence, talk) in silence.iter().zip(&talk) {
        let beats: Vec<u64> = silence.iter().map(|(at, _)| *at).collect();
        let expected: Vec<u64> = (0..MINUTE_MS / BEAT_MS).map(|it| it * BEAT_MS).collect();
        assert_eq!(beats, expected);
        assert!(
            silence
                .iter()
                .all(|(_, length)| *length == openline_seal::EVEN)
        );
        assert_eq!(silence, talk);
    }
}

/// Without one he can: the test above would see it.
#[test]
fn without_a_constant_rate_he_can_tell() {
    let mut link = line(None);
    let silence = watch(&mut link, |_, _| {});
    let talk = watch(&mut link, busy);
    for (silence, talk) in silence.iter().zip(&talk) {
        assert!(
            talk.len() > silence.len() + 20,
            "{} {}",
            talk.len(),
            silence.len()
        );
    }
}

/// OL-459: an urgent text waits for one beat on its way.
#[test]
fn a_flash_waits_for_one_beat_at_most() {
    let mut link = line(Some(BEAT_MS));
    for number in 0..20 {
        for other in 0..5 {
            link.say_text(
                number * 10 + other,
                Precedence::Routine,
                &"Later. ".repeat(150),
            );
        }
        link.run(37);
        let before = link.stations[1].told.len();
        let urgent = |link: &Link| {
            let told = link.stations[1].told[before..].iter();
            told.filter(|event| {
                matches!(event, openline_proto::contract::Event::Stored(stored)
                if stored.entry.header().precedence == Precedence::Flash)
            })
            .count()
        };
        link.say(number * 10 + 9, Precedence::Flash);
        // Handed out ahead of its beat, by up to half of one; one beat, the way, and the disk.
        link.run(BEAT_MS + 20 + 5);
        assert!(urgent(&link) >= 1, "the FLASH of round {number}");
        link.run(5_000);
    }
}
