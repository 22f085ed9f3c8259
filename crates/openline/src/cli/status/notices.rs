//! What happened since the station started, in words.

use super::super::context::Context;
use super::super::{render, time};
use crate::api::types::{Line, Notice};
use crate::i18n::Catalog;

/// What happened since the station started, the latest first.
pub fn notices(context: &Context<'_>, line: &Line) -> Vec<String> {
    let words = |notice: &Notice| {
        let blanks = [
            ("when", time::date_and_time(notice.at_ms).into()),
            ("notice", notice_text(context.words, notice).into()),
        ];
        let text = context.words.fill("evidence-notice", &blanks);
        context.paint.doubtful(&text)
    };
    folded(&line.notices).iter().map(words).collect()
}

/// Those that read the same as one, with the last time of all and how often it was. New keys are asked for and come in
/// turn, and the turn tells something: of these only neighbours are.
pub fn folded(notices: &[Notice]) -> Vec<Notice> {
    let mut folded: Vec<Notice> = Vec::new();
    for notice in notices {
        let reads_the_same =
            |it: &&mut Notice| it.what == notice.what && it.by.name == notice.by.name;
        let earlier = match notice.what.starts_with("keys-") {
            true => folded.last_mut().filter(reads_the_same),
            false => folded.iter_mut().find(reads_the_same),
        };
        match earlier {
            // The latest stands first.
            Some(latest) => latest.count = latest.count.max(1) + notice.count.max(1),
            None => folded.push(notice.clone()),
        }
    }
    folded
}

/// What happened, in the same words wherever it is told.
pub fn notice_text(words: &Catalog, notice: &Notice) -> String {
    let how = notice.misbehaviour.clone().unwrap_or_default();
    let blanks = [
        ("party", render::label(&notice.by.name).into()),
        ("how", how.into()),
    ];
    let text = words.fill(&format!("notice-{}", notice.what), &blanks);
    match notice.count {
        0 | 1 => text,
        count => words.fill(
            "notice-times",
            &[("notice", text.into()), ("count", count.into())],
        ),
    }
}
