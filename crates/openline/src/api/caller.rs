//! Who calls: the operating system says which user is at the other end of the socket, the call says in whose
//! name he acts.

use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::serve::Listener;
use openline_wire::codes::Attestation;
use openline_wire::header::Actor;
use openline_wire::language::LocalNames;
use openline_wire::names;
use tokio::io;
use tokio::net::unix::SocketAddr;
use tokio::net::{UnixListener, UnixStream};

use super::problem::ApiError;
use super::types::ACTOR_HEADER;
use crate::ceremony::look_alike;
use crate::station::peers::LineInfo;

/// The user whose station this is. Nobody else gets an answer.
#[derive(Clone, Debug)]
pub struct Owner {
    /// His number.
    pub uid: u32,
    /// His name.
    pub name: Arc<str>,
}

impl Owner {
    /// The user that this process runs as.
    pub fn of_this_process() -> Self {
        let uid = rustix::process::geteuid().as_raw();
        let name = name_of(uid).unwrap_or_else(|| format!("uid {uid}"));
        Self {
            uid,
            name: name.into(),
        }
    }
}

/// The name that `/etc/passwd` has for a user (passwd(5)). A static program can't ask other sources of names.
fn name_of(uid: u32) -> Option<String> {
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    let mut lines = users.lines().map(|line| line.split(':'));
    lines.find_map(|mut fields| {
        let name = fields.next()?;
        let number: u32 = fields.nth(1)?.parse().ok()?;
        (number == uid && names::is_acceptable(name)).then(|| name.to_owned())
    })
}

/// Accepts the owner's connections and drops all others. The socket's mode keeps them out already; this holds
/// when somebody widens it.
pub struct OwnersListener {
    /// The socket.
    pub socket: UnixListener,
    /// Who may.
    pub owner: Owner,
}

impl Listener for OwnersListener {
    type Io = UnixStream;
    type Addr = Owner;

    async fn accept(&mut self) -> (UnixStream, Owner) {
        loop {
            let (stream, _): (UnixStream, SocketAddr) = Listener::accept(&mut self.socket).await;
            // SO_PEERCRED of unix(7).
            if stream
                .peer_cred()
                .is_ok_and(|user| user.uid() == self.owner.uid)
            {
                return (stream, self.owner.clone());
            }
            tracing::warn!("a connection of another user was dropped");
        }
    }

    fn local_addr(&self) -> io::Result<Owner> {
        Ok(self.owner.clone())
    }
}

/// Who calls, in whose name, and in which language he reads.
#[derive(Clone, Debug)]
pub struct Caller {
    user: Option<Owner>,
    claim: Option<String>,
    /// BCP 47.
    pub language: String,
}

impl Caller {
    /// Who acts: the name in the call's body, else in its header, else the Unix user himself. A name that the
    /// user gave is a claim, with the user as its evidence.
    pub fn actor(&self, in_body: Option<&str>) -> Result<Actor, ApiError> {
        let user = self.user.as_ref().map_or("unknown", |user| &user.name);
        let Some(name) = in_body.or(self.claim.as_deref()) else {
            return Ok(Actor {
                name: user.to_owned(),
                attestation: Attestation::UnixUser,
                evidence: String::new(),
            });
        };
        if !names::is_acceptable(name) {
            return Err(ApiError::bad_request("actor-name"));
        }
        Ok(Actor {
            name: name.to_owned(),
            attestation: Attestation::Claimed,
            evidence: format!("unix user {user}"),
        })
    }

    /// As [`Self::actor`], on a line: nobody acts under a name that would be read as the other party's, or a station's.
    pub fn actor_on(&self, line: &LineInfo, in_body: Option<&str>) -> Result<Actor, ApiError> {
        let actor = self.actor(in_body)?;
        if actor.attestation == Attestation::Claimed {
            Self::may_act(&actor.name, line)?;
        }
        Ok(actor)
    }

    /// A name that somebody else is to act under on a line: whoever bears it must be able to.
    pub fn may_act(name: &str, line: &LineInfo) -> Result<(), ApiError> {
        match passes_for_another(name, line.their_names()) {
            true => Err(ApiError::bad_request("actor-name-of-another").with("name", name)),
            false => Ok(()),
        }
    }

    /// As [`Self::actor_on`], where only a person will do: he must say who he is.
    pub fn operator(&self, line: &LineInfo, in_body: Option<&str>) -> Result<Actor, ApiError> {
        person(self.actor_on(line, in_body)?)
    }
}

/// Only who gave his name is one.
fn person(actor: Actor) -> Result<Actor, ApiError> {
    match actor.attestation {
        Attestation::Claimed => Ok(actor),
        _ => Err(ApiError::bad_request("operator-required")),
    }
}

/// What a station is called where it acts by itself, in the languages that we speak.
const STATION: [&str; 2] = ["station", "станция"];

/// Whether a person's name would be read as that of a station, or of the other party.
pub fn passes_for_another(name: &str, theirs: Option<&LocalNames>) -> bool {
    let theirs = theirs.into_iter().flat_map(LocalNames::iter);
    let theirs = theirs.map(|(_, name)| name);
    STATION
        .into_iter()
        .chain(theirs)
        .any(|other| look_alike(name, other))
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let user = ConnectInfo::<Owner>::from_request_parts(parts, state).await;
        Ok(Self {
            user: user.ok().map(|ConnectInfo(user)| user),
            claim: claim(&parts.headers)?,
            language: language(&parts.headers),
        })
    }
}

fn claim(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(value) = headers.get(ACTOR_HEADER) else {
        return Ok(None);
    };
    let name = value.to_str().ok().and_then(from_percent);
    name.map(Some)
        .ok_or_else(|| ApiError::bad_request("actor-name"))
}

/// Undoes percent-encoding (RFC 3986 section 2.1); none if that is not what it is, or not UTF-8.
fn from_percent(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            let digit = |at: usize| char::from(*tail.get(at)?).to_digit(16);
            bytes.push(u8::try_from(16 * digit(0)? + digit(1)?).ok()?);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

/// The first language that the caller names (RFC 9110 section 12.5.4); English if he names none.
pub fn language(headers: &HeaderMap) -> String {
    let value = headers.get(header::ACCEPT_LANGUAGE);
    let value = value.and_then(|value| value.to_str().ok()).unwrap_or("");
    let first = value.split([',', ';']).next().unwrap_or("").trim();
    let is_tag = openline_wire::language::Language::new(first).is_some();
    if is_tag { first } else { "en" }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(claim: Option<&str>) -> Caller {
        Caller {
            user: Some(Owner {
                uid: 1000,
                name: "orlova".into(),
            }),
            claim: claim.map(str::to_owned),
            language: "en".to_owned(),
        }
    }

    #[test]
    fn a_name_that_somebody_gives_himself_is_a_claim_with_the_user_as_evidence() {
        let actor = caller(Some("Lt. Orlova")).actor(None).expect("a name");
        assert_eq!(actor.attestation, Attestation::Claimed);
        assert_eq!(actor.evidence, "unix user orlova");
        let actor = caller(None).actor(None).expect("a user");
        assert_eq!(actor.attestation, Attestation::UnixUser);
        assert_eq!(actor.name, "orlova");
    }

    #[test]
    fn a_program_without_an_operator_can_sign_no_receipt() {
        let nobody = caller(None).actor(None).expect("a user");
        let refused = person(nobody).expect_err("nobody");
        assert_eq!(refused.trouble().code, "operator-required");
        let somebody = caller(None).actor(Some("Lt. Orlova")).expect("a name");
        assert!(person(somebody).is_ok());
    }

    #[test]
    fn nobody_acts_under_the_name_of_a_station_or_of_the_other_party() {
        let english = openline_wire::language::Language::new("en").expect("a tag");
        let theirs = LocalNames::new(vec![(english, "Moscow".to_owned())]).expect("a name");
        for name in ["Moscow", "MOSCOW", "М\u{43e}scow", "station", "Станция"] {
            assert!(passes_for_another(name, Some(&theirs)), "{name}");
        }
        for name in ["Lt. Orlova", "Moscow watch", "stationmaster"] {
            assert!(!passes_for_another(name, Some(&theirs)), "{name}");
        }
    }

    #[test]
    fn a_name_with_escape_codes_is_refused() {
        let refused = caller(Some("a\u{1b}[2J")).actor(None).expect_err("no name");
        assert_eq!(refused.trouble().code, "actor-name");
    }

    #[test]
    fn a_name_in_a_header_is_percent_encoded() {
        assert_eq!(from_percent("%D0%9B%D1%82%201"), Some("Лт 1".to_owned()));
        for wrong in ["%", "%4", "%zz", "%+1", "%FF"] {
            assert_eq!(from_percent(wrong), None, "{wrong}");
        }
    }
}
