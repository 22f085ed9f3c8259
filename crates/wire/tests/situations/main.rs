//! The canonical form, the registries and the vectors.

mod canonical;
mod registries;
mod vectors;
