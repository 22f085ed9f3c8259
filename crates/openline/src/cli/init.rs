//! `openline init`: makes a party, with its root key, a node key and a home for them.

use openline_wire::language::{Language, LocalNames};
use openline_wire::names;

use super::args::Init;
use super::context::Context;
use super::failure::{Exit, Failure};
use super::output::Made;
use super::time;
use crate::home::{Home, NewParty};

/// Makes it, or nothing at all.
pub fn run(context: &Context<'_>, args: Init) -> Result<(), Failure> {
    let party = party(context, args)?;
    let home = Home::create(&context.home, party, time::now_ms())?;
    let made = Made {
        home: absolute(home.path()),
        party: home.card()?.party().to_string(),
        node: home.node()?.id().to_string(),
    };
    if context.json {
        return context.print_json(&made);
    }
    let blanks = [
        ("home", made.home.into()),
        ("party", made.party.into()),
        ("openline", context.program().into()),
    ];
    context.say("init-made", &blanks)
}

/// Where it is, from wherever a later command is given.
fn absolute(path: &std::path::Path) -> String {
    let absolute = std::path::absolute(path);
    absolute
        .unwrap_or_else(|_| path.to_owned())
        .display()
        .to_string()
}

/// The name is in the party's own language; with a Russian name beside it, it is the English one.
fn party(context: &Context<'_>, args: Init) -> Result<NewParty, Failure> {
    let usual = match &context.tag {
        Some(tag) => language(tag)?,
        None => language(context.words.language().tag())?,
    };
    let russian = language("ru")?;
    let names = match args.name_ru {
        None => vec![(usual.clone(), args.name)],
        Some(name_ru) if usual == russian => vec![(language("en")?, args.name), (russian, name_ru)],
        Some(name_ru) => vec![(usual.clone(), args.name), (russian, name_ru)],
    };
    if let Some((_, name)) = names.iter().find(|(_, name)| names::is_like_an_id(name)) {
        return Err(Failure::new(Exit::Usage, "error-name-like-an-id").naming("name", name));
    }
    let names = LocalNames::new(names).ok_or_else(|| Failure::new(Exit::Usage, "error-name"))?;
    Ok(NewParty {
        names,
        languages: vec![usual],
    })
}

fn language(tag: &str) -> Result<Language, Failure> {
    let wrong = || Failure::new(Exit::Usage, "error-language").with("given", tag.to_owned());
    Language::new(tag).ok_or_else(wrong)
}
