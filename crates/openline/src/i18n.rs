//! What a person reads, in his language: Fluent messages embedded in the program, English where a
//! translation is missing.
//!
//! An error is one message with an attribute: the value says what happened, `.do` what to do now. So the two
//! parts stay together in the files that translators see.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentError, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

pub mod advice;
pub mod reason;

/// The files of one language; the same names stand in every language.
macro_rules! files {
    ($language:literal) => {
        &[
            include_str!(concat!("../locales/", $language, "/alarm.ftl")),
            include_str!(concat!("../locales/", $language, "/cli.ftl")),
            include_str!(concat!("../locales/", $language, "/contact.ftl")),
            include_str!(concat!("../locales/", $language, "/courier.ftl")),
            include_str!(concat!("../locales/", $language, "/demo.ftl")),
            include_str!(concat!("../locales/", $language, "/doctor.ftl")),
            include_str!(concat!("../locales/", $language, "/exercise.ftl")),
            include_str!(concat!("../locales/", $language, "/file.ftl")),
            include_str!(concat!("../locales/", $language, "/help.ftl")),
            include_str!(concat!("../locales/", $language, "/line-test.ftl")),
            include_str!(concat!("../locales/", $language, "/opening.ftl")),
            include_str!(concat!("../locales/", $language, "/roster.ftl")),
            include_str!(concat!("../locales/", $language, "/station.ftl")),
            include_str!(concat!("../locales/", $language, "/store.ftl")),
            include_str!(concat!("../locales/", $language, "/verify.ftl")),
        ]
    };
}

const ENGLISH: &[&str] = files!("en");
const RUSSIAN: &[&str] = files!("ru");

/// A language that this program speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// `en`
    English,
    /// `ru`
    Russian,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::Russian];

    /// The language that a tag (`ru-RU`) or a locale (`ru_RU.UTF-8`) begins with, if we speak it.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_', '.', '@']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// BCP 47.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Russian => "ru",
        }
    }

    /// The language of the environment, by POSIX's order (XBD section 8.2).
    pub fn of_environment() -> Option<Self> {
        ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
            .and_then(|locale| Self::from_tag(&locale))
    }

    fn files(self) -> &'static [&'static str] {
        match self {
            Self::English => ENGLISH,
            Self::Russian => RUSSIAN,
        }
    }

    fn identifier(self) -> LanguageIdentifier {
        self.tag().parse().expect("our own tags are well-formed")
    }
}

/// What a message is filled with.
pub type Args<'a> = [(&'static str, FluentValue<'a>)];

type Bundle = FluentBundle<FluentResource>;

/// The messages of one language, backed by English.
pub struct Catalog {
    language: Language,
    own: &'static Bundle,
    english: &'static Bundle,
}

impl Catalog {
    /// Reads the embedded files, each once for the whole process: a language takes a megabyte.
    pub fn new(language: Language) -> Self {
        Self {
            language,
            own: bundle(language),
            english: bundle(Language::English),
        }
    }

    /// The language it speaks.
    pub fn language(&self) -> Language {
        self.language
    }

    /// A message without blanks.
    pub fn text(&self, id: &str) -> String {
        self.fill(id, &[])
    }

    /// A message with its blanks filled. An unknown id comes back as itself: the tests find it.
    pub fn fill(&self, id: &str, args: &Args<'_>) -> String {
        self.part(id, None, args).unwrap_or_else(|| id.to_owned())
    }

    /// A message that may be absent, such as one for a word from a newer station.
    pub fn find(&self, id: &str) -> Option<String> {
        self.part(id, None, &[])
    }

    /// An attribute of a message, such as the `.do` of an error.
    pub fn attribute(&self, id: &str, attribute: &str, args: &Args<'_>) -> Option<String> {
        self.part(id, Some(attribute), args)
    }

    fn part(&self, id: &str, attribute: Option<&str>, args: &Args<'_>) -> Option<String> {
        let args: FluentArgs<'_> = args.iter().map(|(k, v)| (*k, v.clone())).collect();
        [self.own, self.english]
            .into_iter()
            .find_map(|bundle| format(bundle, id, attribute, &args))
    }
}

fn bundle(language: Language) -> &'static Bundle {
    static ENGLISH: OnceLock<Bundle> = OnceLock::new();
    static RUSSIAN: OnceLock<Bundle> = OnceLock::new();
    let read = match language {
        Language::English => &ENGLISH,
        Language::Russian => &RUSSIAN,
    };
    read.get_or_init(|| parsed(language))
}

fn parsed(language: Language) -> Bundle {
    let mut bundle = FluentBundle::new_concurrent(vec![language.identifier()]);
    // Isolation marks are for mixed directions; a terminal shows them as rubbish.
    bundle.set_use_isolating(false);
    bundle.set_transform(Some(advice::typed_here));
    for source in language.files() {
        // A file with a fault still yields its sound messages; the tests let no fault pass.
        let resource =
            FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

fn format(
    bundle: &Bundle,
    id: &str,
    attribute: Option<&str>,
    args: &FluentArgs<'_>,
) -> Option<String> {
    let message = bundle.get_message(id)?;
    let pattern = match attribute {
        None => message.value()?,
        Some(name) => message.get_attribute(name)?.value(),
    };
    let mut errors: Vec<FluentError> = Vec::new();
    Some(
        bundle
            .format_pattern(pattern, Some(args), &mut errors)
            .into_owned(),
    )
}

#[cfg(test)]
mod tests;
