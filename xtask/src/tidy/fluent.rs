//! English and Russian say the same things: each pair of Fluent files has the same messages,
//! attributes and variables.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{
    Attribute, CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement,
};

use super::finding::Finding;
use crate::repo::{TextFile, Tree};

const LANGUAGES: [&str; 2] = ["en", "ru"];

/// Messages (and `message.attribute`, and `-term`) with the variables that each uses.
type Messages = BTreeMap<String, BTreeSet<String>>;

/// Compares each file with its namesake in the other language.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.with_ending("ftl") {
        findings.extend(read(file).1);
        for (here, there) in [(LANGUAGES[0], LANGUAGES[1]), (LANGUAGES[1], LANGUAGES[0])] {
            let (here, there) = (format!("/locales/{here}/"), format!("/locales/{there}/"));
            if file.path.contains(&here) {
                findings.extend(check_pair(tree, file, &file.path.replace(&here, &there)));
            }
        }
    }
    findings
}

/// What `file` has and its namesake `other` has not.
fn check_pair(tree: &Tree, file: &TextFile, other: &str) -> Vec<Finding> {
    let Some(namesake) = tree
        .with_ending("ftl")
        .find(|candidate| candidate.path == other)
    else {
        return vec![Finding::new(
            &file.path,
            format!("{other} is missing"),
            "write the file in the other language",
        )];
    };
    let (theirs, _) = read(namesake);
    let (ours, _) = read(file);
    let wrong = ours
        .iter()
        .filter_map(|(id, variables)| match theirs.get(id) {
            None => Some(Finding::new(
                other,
                format!("has no `{id}`, which {} has", file.path),
                "translate it",
            )),
            Some(others) if !variables.is_subset(others) => Some(Finding::new(
                other,
                format!("`{id}` uses {others:?}; {} uses {variables:?}", file.path),
                "use the same variables in both languages",
            )),
            Some(_) => None,
        });
    wrong.collect()
}

fn read(file: &TextFile) -> (Messages, Vec<Finding>) {
    let (resource, errors) = match fluent_syntax::parser::parse(file.text.as_str()) {
        Ok(resource) => (resource, Vec::new()),
        Err((resource, errors)) => (resource, errors),
    };
    let mut messages = Messages::new();
    for entry in &resource.body {
        match entry {
            Entry::Message(message) => {
                add(
                    &mut messages,
                    message.id.name.to_owned(),
                    message.value.as_ref(),
                );
                add_attributes(&mut messages, message.id.name, &message.attributes);
            }
            Entry::Term(term) => add(
                &mut messages,
                format!("-{}", term.id.name),
                Some(&term.value),
            ),
            _ => {}
        }
    }
    let findings = errors.iter().map(|error| {
        let line = file.text[..error.pos.start.min(file.text.len())]
            .matches('\n')
            .count()
            + 1;
        Finding::at(
            &file.path,
            line,
            format!("this is not Fluent: {}", error.kind),
            "correct it",
        )
    });
    (messages, findings.collect())
}

fn add(messages: &mut Messages, id: String, pattern: Option<&Pattern<&str>>) {
    let variables = messages.entry(id).or_default();
    if let Some(pattern) = pattern {
        in_pattern(pattern, variables);
    }
}

fn add_attributes(messages: &mut Messages, id: &str, attributes: &[Attribute<&str>]) {
    for attribute in attributes {
        add(
            messages,
            format!("{id}.{}", attribute.id.name),
            Some(&attribute.value),
        );
    }
}

fn in_pattern(pattern: &Pattern<&str>, variables: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            in_expression(expression, variables);
        }
    }
}

fn in_expression(expression: &Expression<&str>, variables: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => in_inline(inline, variables),
        Expression::Select { selector, variants } => {
            in_inline(selector, variables);
            variants
                .iter()
                .for_each(|variant| in_pattern(&variant.value, variables));
        }
    }
}

fn in_inline(inline: &InlineExpression<&str>, variables: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            variables.insert(format!("${}", id.name));
        }
        InlineExpression::FunctionReference { arguments, .. }
        | InlineExpression::TermReference {
            arguments: Some(arguments),
            ..
        } => {
            in_arguments(arguments, variables);
        }
        InlineExpression::Placeable { expression } => in_expression(expression, variables),
        _ => {}
    }
}

fn in_arguments(arguments: &CallArguments<&str>, variables: &mut BTreeSet<String>) {
    let named = arguments.named.iter().map(|argument| &argument.value);
    arguments
        .positional
        .iter()
        .chain(named)
        .for_each(|value| in_inline(value, variables));
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: &str = "crates/openline/locales/en/say.ftl";
    const RU: &str = "crates/openline/locales/ru/say.ftl";

    fn found(en: &str, ru: &str) -> Vec<String> {
        check(&Tree::of(&[(EN, en), (RU, ru)]))
            .into_iter()
            .map(|finding| finding.what)
            .collect()
    }

    #[test]
    fn the_same_messages_in_two_languages_pass() {
        let en = "words = { $count ->\n    [one] one word\n   *[other] { $count } words\n }\n";
        let ru =
            "words = { $count ->\n    [one] { $count } слово\n   *[other] { $count } слов\n }\n";
        assert!(found(en, ru).is_empty());
    }

    #[test]
    fn a_message_in_one_language_only_is_named_whichever_it_is() {
        assert_eq!(
            found("a = A\nb = B\n", "a = А\n"),
            [format!("has no `b`, which {EN} has")]
        );
        assert_eq!(
            found("a = A\n", "a = А\nb = Б\n"),
            [format!("has no `b`, which {RU} has")]
        );
        assert_eq!(
            found("a = A\n    .do = D\n", "a = А\n"),
            [format!("has no `a.do`, which {EN} has")]
        );
    }

    #[test]
    fn a_variable_in_one_language_only_is_named() {
        let found = found("a = to { UPPER($party) }\n", "a = к { $side }\n");
        assert_eq!(found.len(), 2);
        assert!(found[0].contains("\"$party\"") && found[0].contains("\"$side\""));
    }

    #[test]
    fn a_file_without_its_namesake_and_one_that_is_not_fluent_are_named() {
        let alone = check(&Tree::of(&[(EN, "a = A\n")]));
        assert_eq!(alone[0].what, format!("{RU} is missing"));
        let broken = check(&Tree::of(&[(EN, "a = A\nb = { $x\n"), (RU, "a = А\n")]));
        assert!(
            broken
                .iter()
                .any(|f| f.place.starts_with(&format!("{EN}:")) && f.what.contains("not Fluent"))
        );
    }
}
