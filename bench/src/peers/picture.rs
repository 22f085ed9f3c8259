//! The picture: how long a text takes against how much is lost, one curve for each program.

use std::fmt::Write as _;

use super::{Cell, Figures, LOSSES, Program};
use crate::conversation::Fate;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 60.0;

/// Seconds at the bottom and at the top; the scale is logarithmic.
const SECONDS: (f64, f64) = (0.1, 60.0);
const LINES: [f64; 6] = [0.1, 0.3, 1.0, 3.0, 10.0, 30.0];

/// Told apart without colour as well.
const STROKES: [(&str, &str); 3] = [("#0b6e4f", ""), ("#b3541e", "8 5"), ("#5b4b8a", "2 4")];

/// An SVG; none if no losses were measured.
#[must_use]
pub fn picture(figures: &Figures) -> Option<String> {
    if figures.losses.is_empty() {
        return None;
    }
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <title>Seconds until 95 of 100 texts were received, against loss</title>\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n"
    );
    axes(&mut svg);
    for (at, program) in Program::ALL.into_iter().enumerate() {
        curve(&mut svg, figures, program, at);
    }
    svg.push_str("</svg>\n");
    Some(svg)
}

fn x(loss: u32) -> f64 {
    let last = LOSSES[LOSSES.len() - 1];
    LEFT + (WIDTH - LEFT - RIGHT) * f64::from(loss) / f64::from(last)
}

fn y(seconds: f64) -> f64 {
    let (least, most) = SECONDS;
    let part = (seconds.clamp(least, most) / least).ln() / (most / least).ln();
    HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * part
}

fn axes(svg: &mut String) {
    for seconds in LINES {
        let at = y(seconds);
        let _ = writeln!(
            svg,
            "<path d=\"M{LEFT} {at:.1}H{:.1}\" stroke=\"#ddd\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{seconds} s</text>",
            WIDTH - RIGHT,
            LEFT - 8.0,
            at + 4.0
        );
    }
    for loss in LOSSES {
        let _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{loss} %</text>",
            x(loss),
            HEIGHT - BOTTOM + 20.0
        );
    }
    let _ = writeln!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">of all packets lost, each way, on a link of 100 ms one way</text>\n\
         <text x=\"{LEFT}\" y=\"20\" font-weight=\"bold\">Until 95 of 100 texts were received</text>",
        (LEFT + WIDTH - RIGHT) / 2.0,
        HEIGHT - 15.0
    );
}

fn curve(svg: &mut String, figures: &Figures, program: Program, at: usize) {
    let of_program = figures
        .losses
        .iter()
        .filter(|(_, cell)| cell.program == program);
    let points: Vec<(f64, f64)> = of_program.filter_map(point).collect();
    let path: Vec<String> = points
        .iter()
        .map(|(x, y)| format!("{x:.1} {y:.1}"))
        .collect();
    let (colour, dash) = STROKES[at];
    let _ = writeln!(
        svg,
        "<path d=\"M{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2.5\" stroke-dasharray=\"{dash}\"/>",
        path.join("L")
    );
    for (x, y) in points {
        let _ = writeln!(
            svg,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\" fill=\"{colour}\"/>"
        );
    }
    let row = TOP + 16.0 * at as f64;
    let _ = writeln!(
        svg,
        "<path d=\"M{:.1} {row:.1}h30\" stroke=\"{colour}\" stroke-width=\"2.5\" stroke-dasharray=\"{dash}\"/><text x=\"{:.1}\" y=\"{:.1}\">{}</text>",
        LEFT + 20.0,
        LEFT + 58.0,
        row + 4.0,
        program.name()
    );
}

/// None where more than one in twenty was lost: then nobody can say how long it takes.
fn point((loss, cell): &(u32, Cell)) -> Option<(f64, f64)> {
    let fates = cell.fates.as_ref().ok()?;
    if cell.lost()? * 20 > fates.len() {
        return None;
    }
    let received = cell.summary(Fate::until_received)?;
    Some((x(*loss), y(received.p95.as_secs_f64())))
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn cell(program: Program, received_ms: &[Option<u64>]) -> Cell {
        let sent = Instant::now();
        let fate = |ms: &Option<u64>| Fate {
            sent,
            received: ms
                .iter()
                .map(|ms| sent + std::time::Duration::from_millis(*ms))
                .collect(),
            known: None,
        };
        Cell {
            program,
            link: "loss",
            words: String::new(),
            fates: Ok(received_ms.iter().map(fate).collect()),
            bytes: 0,
        }
    }

    #[test]
    fn a_program_that_loses_more_than_one_in_twenty_has_no_point_there() {
        let good = cell(Program::Openline, &[Some(100); 20]);
        let bad = cell(Program::Lxmf, &[&[Some(100); 18][..], &[None; 2]].concat());
        let figures = Figures {
            links: Vec::new(),
            losses: vec![(0, good), (50, bad)],
        };
        let svg = picture(&figures).expect("losses were measured");
        assert_eq!(svg.matches("<circle").count(), 1, "{svg}");
        let none = Figures {
            losses: Vec::new(),
            ..figures
        };
        assert!(picture(&none).is_none());
    }
}
