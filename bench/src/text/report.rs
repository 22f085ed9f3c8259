//! The tables of `docs/benchmarks.md`.

use std::time::Duration;

use super::{Cell, LinkFigures};
use crate::conversation::PACE;
use crate::links::LinkKind;
use crate::machine;
use crate::markdown::Table;
use crate::openline_cli::Padding;
use crate::statistics::Summary;

/// Everything that was measured, as Markdown.
#[must_use]
pub fn report(figures: &[LinkFigures], command: &str) -> String {
    let paced = figures.iter().filter(|figures| !figures.link.cut);
    let texts = paced
        .flat_map(|figures| &figures.cells)
        .map(|cell| cell.fates.len())
        .max();
    format!(
        "`{command}` on {}. Texts of 200 characters, {} in each language on each link, each sent when the one \
         before is known to be stored and at least {} ms after it. Times are in seconds, from `say` to `follow` and back, \
         as programs see them; 50 % / 95 % / worst. Targets are p50/p95 and in brackets. *Limit* is what the link alone \
         needs: delay, and bytes over rate. *Others* is the best figure of LXMF, XMPP, MQTT and Tox, each for itself, \
         measured with 30 messages on an earlier day.\n\n{}\n{}\n{}",
        machine::facts(),
        texts.unwrap_or_default(),
        PACE.as_millis(),
        times(figures),
        costs(figures),
        rest(figures),
    )
}

fn times(figures: &[LinkFigures]) -> Table {
    let mut table = Table::new(&[
        "link",
        "texts",
        "received",
        "÷ limit",
        "others",
        "sender knows",
        "÷ limit",
        "others",
        "lost",
        "twice",
    ]);
    for figures in figures.iter().filter(|figures| !figures.link.cut) {
        for cell in &figures.cells {
            let link = cell.link;
            let [there, back] = limits(figures, cell);
            table.row(vec![
                format!("**{}** {}", link.name, link.words),
                texts(cell),
                with_target(&summary(cell.received()), link.must.received),
                ratio(cell.received().p50, there),
                link.others.received.to_owned(),
                with_target(&summary(cell.known()), known_target(link)),
                ratio(cell.known().p50, back),
                link.others.known.to_owned(),
                cell.lost().to_string(),
                cell.twice().to_string(),
            ]);
        }
    }
    table
}

fn costs(figures: &[LinkFigures]) -> Table {
    let mut table = Table::new(&[
        "link",
        "texts",
        "IP bytes a message, both ways",
        "others",
        "set-up: bytes",
        "set-up: s",
    ]);
    for figures in figures.iter().filter(|figures| !figures.link.cut) {
        for cell in &figures.cells {
            let (must, others) = match cell.language {
                "English" => (cell.link.must.bytes[0], cell.link.others.bytes[0]),
                _ => (cell.link.must.bytes[1], cell.link.others.bytes[1]),
            };
            let must = if cell.padding == Padding::None {
                must
            } else {
                ""
            };
            table.row(vec![
                cell.link.name.to_owned(),
                texts(cell),
                with_target(&format!("{:.0}", cell.bytes()), must),
                others.to_owned(),
                figures.set_up.bytes.to_string(),
                seconds(figures.set_up.time),
            ]);
        }
    }
    table
}

/// What has its own words: the machine's limit and the cut.
fn rest(figures: &[LinkFigures]) -> String {
    figures
        .iter()
        .filter_map(|figures| {
            let lines = [
                machine_line(figures),
                first_line(figures),
                cut_line(figures),
            ];
            lines.into_iter().flatten().reduce(|all, line| all + &line)
        })
        .collect()
}

fn machine_line(figures: &LinkFigures) -> Option<String> {
    let (machine, cell) = (figures.machine?, figures.cells.first()?);
    let hot = machine.bare.durable_write * 2 + machine.round_trip;
    Some(format!(
        "\nOn L0 the limit is this machine. A bare program that makes a write durable, sends a datagram, makes a write \
             durable at the other side and sends a datagram back needs {} ms between the texts, after as long a rest as \
             a text had: the sender knows after {} times that (target: ≤ 3). One durable write takes {} ms, a datagram \
             there and back without any rest {} ms; by their sum, {} ms, it is {} times.\n",
        milliseconds(machine.bare.known),
        ratio(cell.known().p50, machine.bare.known),
        milliseconds(machine.bare.durable_write),
        milliseconds(machine.round_trip),
        milliseconds(hot),
        ratio(cell.known().p50, hot),
    ))
}

fn first_line(figures: &LinkFigures) -> Option<String> {
    let first = figures.first?;
    Some(format!(
        "\n**{}** {}: the first text of a cold start came {} s after both stations were started (target ≤ 5; others 13 to 48).\n",
        figures.link.name,
        figures.link.words,
        seconds(first),
    ))
}

fn cut_line(figures: &LinkFigures) -> Option<String> {
    let cell = figures.cells.first()?;
    let after = |which: usize| {
        let times = figures.after_cut.map(|times| times[which]);
        times.map_or("never, not".to_owned(), seconds)
    };
    figures.link.cut.then(|| {
        format!(
            "\n**{}** {}: the first message came {} s after the link was back (target ≤ 0.3; others 1.2), the last of those that waited \
             {} s (target ≤ 1), {} of {} lost (target 0; others 0 or 1), {} twice (target 0).\n",
            figures.link.name,
            figures.link.words,
            after(0),
            after(1),
            cell.lost(),
            cell.fates.len(),
            cell.twice(),
        )
    })
}

/// The least until received and until known. On L0 the disk is the limit, so the machine's own figures count.
fn limits(figures: &LinkFigures, cell: &Cell) -> [Duration; 2] {
    if let Some(machine) = figures.machine {
        return [machine.bare.there, machine.bare.known];
    }
    let packet = |bytes: u64| cell.link.one_way(bytes as f64 / cell.fates.len() as f64);
    let there = packet(cell.traffic.from_left.bytes);
    [there, there + packet(cell.traffic.from_right.bytes)]
}

fn known_target(link: &LinkKind) -> &str {
    if link.name == "L0" {
        "≤ 3 × the limit"
    } else {
        link.must.known
    }
}

fn texts(cell: &Cell) -> String {
    let padded = if cell.padding == Padding::None {
        ""
    } else {
        ", padded"
    };
    let flash = if cell.link.flash { ", FLASH" } else { "" };
    format!("{}{padded}{flash}", cell.language)
}

fn with_target(got: &str, target: &str) -> String {
    if target.is_empty() {
        got.to_owned()
    } else {
        format!("{got} ({target})")
    }
}

fn summary(Summary { p50, p95, max }: Summary) -> String {
    format!("{} / {} / {}", seconds(p50), seconds(p95), seconds(max))
}

fn ratio(got: Duration, limit: Duration) -> String {
    format!("{:.2}", got.as_secs_f64() / limit.as_secs_f64())
}

/// Three digits after the point below 10 s; four below 10 ms, where the third would be all there is.
fn seconds(time: Duration) -> String {
    let digits = if time < Duration::from_millis(10) {
        4
    } else {
        3
    };
    format!("{:.digits$}", time.as_secs_f64())
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::bed::{Sent, Traffic};
    use crate::conversation::Fate;
    use crate::links::LINKS;
    use crate::text::BareTimes;
    use crate::text::{MachineLimit, SetUp};

    /// Ten messages: all but the last came, once; the first came twice.
    fn ten_on(link: usize) -> LinkFigures {
        let sent = Instant::now();
        let fate = |n: u32| Fate {
            sent,
            received: vec![
                sent + Duration::from_millis(51);
                if n == 0 { 2 } else { usize::from(n < 9) }
            ],
            known: (n < 9).then_some(sent + Duration::from_millis(102)),
        };
        let side = Sent {
            packets: 10,
            bytes: 2000,
        };
        let cell = Cell {
            link: &LINKS[link],
            language: "English",
            padding: Padding::None,
            fates: (0..10).map(fate).collect(),
            traffic: Traffic {
                from_left: side,
                from_right: side,
            },
        };
        LinkFigures {
            link: &LINKS[link],
            set_up: SetUp {
                time: Duration::from_millis(312),
                bytes: 9000,
            },
            machine: (link == 0).then_some(MachineLimit {
                bare: BareTimes {
                    durable_write: Duration::from_micros(900),
                    there: Duration::from_millis(2),
                    known: Duration::from_micros(2_200),
                },
                round_trip: Duration::from_micros(200),
            }),
            cells: vec![cell],
            first: None,
            after_cut: (link == 6).then_some([402, 731].map(Duration::from_millis)),
        }
    }

    #[test]
    fn each_figure_stands_beside_its_target_and_the_limit() {
        let text = report(&[ten_on(1)], "openline-bench text");
        assert!(
            text.contains("0.051 / 0.051 / 0.051 (.053/.056) | 1.02 |"),
            "{text}"
        );
        assert!(
            text.contains("0.102 / 0.102 / 0.102 (.105/.110) | 1.02 |"),
            "{text}"
        );
        assert!(text.contains("| 1 | 1 |"), "one lost, one twice: {text}");
        assert!(text.contains("400 (330) | 566 | 9000 | 0.312 |"), "{text}");
    }

    #[test]
    fn on_the_plain_link_the_machine_is_the_limit() {
        let text = report(&[ten_on(0)], "openline-bench text");
        assert!(
            text.contains("sends a datagram back needs 2.20 ms between"),
            "{text}"
        );
        assert!(
            text.contains("the sender knows after 46.36 times that"),
            "{text}"
        );
        assert!(
            text.contains("their sum, 2.00 ms, it is 51.00 times"),
            "{text}"
        );
    }

    #[test]
    fn a_cut_is_told_in_words() {
        let text = report(&[ten_on(6)], "openline-bench text");
        assert!(text.contains("0.402 s after the link was back"), "{text}");
        assert!(text.contains("that waited 0.731 s"), "{text}");
        assert!(text.contains("1 of 10 lost"), "{text}");
    }
}
