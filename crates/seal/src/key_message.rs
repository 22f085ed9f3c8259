//! Key messages.
