//! Reads one core file: every path, every `use`, every macro's tokens, outside its tests.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Item, UseTree};

use super::{ASK_THE_DRIVER, SAFE_ONLY, banned};
use crate::tidy::finding::Finding;
use crate::tidy::source::{RustFile, attributes, is_for_tests};

/// What the file's program names that the core may not.
pub fn read(file: &RustFile<'_>) -> Vec<Finding> {
    let mut reader = Reader {
        path: file.path,
        findings: Vec::new(),
    };
    reader.visit_file(&file.ast);
    reader.findings
}

struct Reader<'a> {
    path: &'a str,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    fn found(&mut self, span: Span, what: &str, remedy: &str) {
        let line = span.start().line;
        let what = format!("`{what}` in a core crate");
        self.findings
            .push(Finding::at(self.path, line, what, remedy));
    }

    fn check_path(&mut self, segments: &[String], span: Span) {
        if let Some((path, remedy)) = banned(segments) {
            self.found(span, path, remedy);
        }
    }

    fn check_use(&mut self, tree: &UseTree, before: &[String]) {
        let longer = |name: &Ident| {
            let mut segments = before.to_vec();
            segments.push(name.to_string());
            segments
        };
        match tree {
            UseTree::Path(path) => self.check_use(&path.tree, &longer(&path.ident)),
            UseTree::Name(name) => self.check_path(&longer(&name.ident), name.span()),
            UseTree::Rename(name) => self.check_path(&longer(&name.ident), name.span()),
            UseTree::Glob(_) => self.check_path(before, tree.span()),
            UseTree::Group(group) => {
                group
                    .items
                    .iter()
                    .for_each(|item| self.check_use(item, before));
            }
        }
    }

    /// Reads a macro's tokens: words joined by `::` are one path.
    fn check_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<Ident> = Vec::new();
        let mut joined = false;
        for token in tokens {
            match token {
                TokenTree::Ident(word) => {
                    if !joined {
                        self.check_words(&std::mem::take(&mut path));
                    }
                    path.push(word);
                    joined = false;
                }
                TokenTree::Punct(mark) => joined = mark.as_char() == ':',
                TokenTree::Group(group) => self.check_tokens(group.stream()),
                TokenTree::Literal(_) => joined = false,
            }
        }
        self.check_words(&path);
    }

    fn check_words(&mut self, path: &[Ident]) {
        let Some(first) = path.first() else { return };
        let segments: Vec<_> = path.iter().map(ToString::to_string).collect();
        self.check_path(&segments, first.span());
        path.iter().for_each(|word| self.check_word(word));
    }

    fn check_word(&mut self, word: &Ident) {
        if word == "async" {
            self.found(word.span(), "async", ASK_THE_DRIVER);
        } else if word == "unsafe" {
            self.found(word.span(), "unsafe", SAFE_ONLY);
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_for_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !is_for_tests(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.check_use(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<_> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        self.check_path(&segments, path.span());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        visit::visit_path(self, &call.path);
        self.check_tokens(call.tokens.clone());
    }

    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        if let Some(word) = &signature.asyncness {
            self.found(word.span(), "async", ASK_THE_DRIVER);
        }
        if let Some(word) = &signature.unsafety {
            self.found(word.span(), "unsafe", SAFE_ONLY);
        }
        visit::visit_signature(self, signature);
    }

    fn visit_expr_async(&mut self, block: &'ast syn::ExprAsync) {
        self.found(block.span(), "async", ASK_THE_DRIVER);
        visit::visit_expr_async(self, block);
    }

    fn visit_expr_unsafe(&mut self, block: &'ast syn::ExprUnsafe) {
        self.found(block.span(), "unsafe", SAFE_ONLY);
        visit::visit_expr_unsafe(self, block);
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        if let Some(word) = &item.unsafety {
            self.found(word.span(), "unsafe", SAFE_ONLY);
        }
        visit::visit_item_impl(self, item);
    }
}
