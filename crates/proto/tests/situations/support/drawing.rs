//! Machines as pages of `docs/` show them: drawn from their tables. With `OPENLINE_DRAW` set they are drawn anew.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::path::Path;

/// A cell: event, next state, action.
pub type Rows = Vec<(String, String, String, String)>;

pub fn rows<S: Debug, E: Debug, A: Debug>(table: impl IntoIterator<Item = (S, E, S, A)>) -> Rows {
    let row = |(state, event, next, action)| {
        let action = spaced(&format!("{action:?}").replace(['(', ')'], " "));
        let text = |it: String| spaced(&it);
        (
            text(format!("{state:?}")),
            text(format!("{event:?}")),
            text(format!("{next:?}")),
            action.trim().to_owned(),
        )
    };
    table.into_iter().map(row).collect()
}

/// `SignRinging` as it is read: `sign ringing`.
fn spaced(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !text.is_empty() && !text.ends_with(' ') {
            text.push(' ');
        }
        text.extend(c.to_lowercase());
    }
    text
}

fn node(state: &str) -> String {
    state.replace(' ', "_")
}

/// What changes something, as a picture; everything, as a table.
fn drawn(rows: &Rows) -> String {
    let mut text = String::from("```mermaid\nstateDiagram-v2\n");
    let first = rows.first().map_or("", |row| row.0.as_str());
    text += &format!("    [*] --> {}\n", node(first));
    let mut arrows: BTreeMap<(usize, &str, &str), Vec<String>> = BTreeMap::new();
    for (at, (state, event, next, action)) in rows.iter().enumerate() {
        let label = match action.as_str() {
            "nothing" => event.clone(),
            action => format!("{event} / {action}"),
        };
        if state != next {
            let first = rows.iter().position(|row| row.0 == *state).unwrap_or(at);
            arrows.entry((first, state, next)).or_default().push(label);
        }
    }
    for ((_, state, next), labels) in arrows {
        text += &format!(
            "    {} --> {} : {}\n",
            node(state),
            node(next),
            labels.join("<br>")
        );
    }
    text += "```\n\n| in state | upon | goes to | and does |\n|---|---|---|---|\n";
    for (state, event, next, action) in rows {
        let next = if next == state { "" } else { next };
        let action = if action == "nothing" { "" } else { action };
        text += &format!("| {state} | {event} | {next} | {action} |\n");
    }
    text
}

fn with_drawing(page: &str, name: &str, drawing: &str) -> String {
    let begin = format!("<!-- drawn: {name} -->\n");
    let (before, rest) = page.split_once(&begin).expect("a place for the drawing");
    let (_, after) = rest.split_once("<!-- end -->").expect("its end");
    format!("{before}{begin}{drawing}<!-- end -->{after}")
}

/// Fails unless a page of `docs/` shows these machines as they are.
pub fn check(page: &str, machines: &[(&str, Rows)]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs")
        .join(page);
    let text = std::fs::read_to_string(&path).expect("the page");
    let draw = |text: String, (name, rows): &(&str, Rows)| with_drawing(&text, name, &drawn(rows));
    let right = machines.iter().fold(text.clone(), draw);
    if std::env::var_os("OPENLINE_DRAW").is_some() {
        std::fs::write(&path, &right).expect("the page, written");
        return;
    }
    assert!(
        text == right,
        "docs/{page} is not drawn from the tables; draw it with OPENLINE_DRAW=1"
    );
}
