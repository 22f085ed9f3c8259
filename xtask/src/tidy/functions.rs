//! Finds every function of a file, also those inside macro calls such as `proptest!`.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Attribute, Block, Expr, Item, Lit, Meta, Signature};

use super::source::{attributes, is_for_tests, is_test_marker};

/// One function with a body.
#[derive(Debug, Default)]
pub struct Function {
    pub name: String,
    pub first_line: usize,
    pub last_line: usize,
    /// It carries `#[test]` or the like.
    pub is_test: bool,
    /// It is compiled for tests only.
    pub for_tests: bool,
    /// Its doc comment.
    pub docs: String,
}

impl Function {
    /// Lines from `fn` to the closing brace.
    pub fn lines(&self) -> usize {
        self.last_line + 1 - self.first_line
    }
}

/// All functions of a file, in the order in which they begin.
pub fn functions(file: &syn::File) -> Vec<Function> {
    let mut finder = Finder::default();
    finder.visit_file(file);
    finder.found.sort_by_key(|function| function.first_line);
    finder.found
}

/// The text of the doc comments among these attributes.
pub fn docs(attributes: &[Attribute]) -> String {
    let lines = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
                Expr::Lit(value) => match &value.lit {
                    Lit::Str(text) => Some(text.value()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        });
    lines.collect::<Vec<_>>().join("\n")
}

#[derive(Default)]
struct Finder {
    found: Vec<Function>,
    in_tests: bool,
}

impl Finder {
    fn add(&mut self, attributes: &[Attribute], signature: &Signature, body: &Block) {
        self.found.push(Function {
            name: signature.ident.to_string(),
            first_line: signature.fn_token.span().start().line,
            last_line: body.brace_token.span.close().end().line,
            is_test: attributes.iter().any(is_test_marker),
            for_tests: self.in_tests || is_for_tests(attributes),
            docs: docs(attributes),
        });
    }
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item(&mut self, item: &'ast Item) {
        let outside = self.in_tests;
        self.in_tests |= is_for_tests(attributes(item));
        visit::visit_item(self, item);
        self.in_tests = outside;
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.add(&item.attrs, &item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.add(&item.attrs, &item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(body) = &item.default {
            self.add(&item.attrs, &item.sig, body);
        }
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        scan(call.tokens.clone(), self.in_tests, &mut self.found);
    }
}

/// A function whose body has not come yet, among a macro's tokens.
#[derive(Default)]
struct Pending {
    function: Function,
    begins: Option<Span>,
    named: bool,
}

fn scan(tokens: TokenStream, in_tests: bool, found: &mut Vec<Function>) {
    let mut pending = Pending::default();
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                scan(group.stream(), in_tests, found);
                if let Some(mut function) = pending.take_group(&group) {
                    function.for_tests |= in_tests;
                    found.push(function);
                }
            }
            TokenTree::Ident(word) => pending.take_word(&word.to_string(), word.span()),
            TokenTree::Punct(mark) if mark.as_char() == ';' => pending = Pending::default(),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

impl Pending {
    fn take_word(&mut self, word: &str, span: Span) {
        match self.begins {
            None if word == "fn" => self.begins = Some(span),
            Some(_) if !self.named => {
                self.function.name = word.to_owned();
                self.named = true;
            }
            _ => {}
        }
    }

    /// Reads an attribute before the function; a brace after its name ends it.
    fn take_group(&mut self, group: &Group) -> Option<Function> {
        match (group.delimiter(), self.begins) {
            (Delimiter::Bracket, None) => self.take_attribute(&group.stream().to_string()),
            (Delimiter::Brace, begins) => {
                let mut done = std::mem::take(self);
                done.function.first_line = begins?.start().line;
                done.function.last_line = group.span_close().end().line;
                return done.named.then_some(done.function);
            }
            _ => {}
        }
        None
    }

    fn take_attribute(&mut self, attribute: &str) {
        let is_test = attribute == "test" || attribute.ends_with(":: test");
        self.function.is_test |= is_test;
        self.function.for_tests |= is_test;
        if attribute.starts_with("doc") {
            self.function.docs.push_str(attribute);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<Function> {
        functions(&syn::parse_file(text).unwrap())
    }

    #[test]
    fn lines_are_counted_from_the_signature_to_the_closing_brace() {
        let found = of("/// Doc.\n#[inline]\nfn three(\n) {\n}\n");
        assert_eq!((found[0].lines(), found[0].docs.trim()), (3, "Doc."));
    }

    #[test]
    fn a_function_of_a_test_module_is_for_tests() {
        let found = of("fn a() {}\n#[cfg(test)] mod tests { fn b() {} #[test] fn c() {} }");
        let flags: Vec<_> = found.iter().map(|f| (f.for_tests, f.is_test)).collect();
        assert_eq!(flags, [(false, false), (true, false), (true, true)]);
    }

    #[test]
    fn a_property_inside_a_macro_is_found_with_its_doc_and_length() {
        let text = "proptest! {\n    /// Shows it.\n    #[test]\n    fn any_bytes(x in 0..9u8, y in any::<u8>()) {\n        f(x);\n    }\n}\n";
        let found = of(text);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].name.as_str(), found[0].lines()), ("any_bytes", 3));
        assert!(found[0].is_test && found[0].docs.contains("Shows it."));
    }
}
