//! From the home and the store to the lines of a boot: each with its parties, its channel and what is on disk.
//!
//! A line whose files or rows are not as they were written is not taken up, and says why; the others are.

use std::collections::BTreeMap;

use openline_net::Hint;
use openline_proto::config::{Cadences, LineConfig};
use openline_proto::contract::Change;
use openline_proto::line_test::schedule::Figures;
use openline_seal::{Channel, MlsAgreement, MlsIdentity};
use openline_store::{Depth, Nodes, Store};
use openline_wire::card::Card;
use openline_wire::ids::{BootId, LineId};

use super::board::Unusable;
use super::on_the_wire::OnTheWire;
use super::peers::LineInfo;
use super::tapes;
use super::trouble::Trouble;
use crate::ceremony::{LineParty, LineSetup, Lines, damaged_lines_peer, load_lines};
use crate::home::{Home, HomeError};

/// A line, ready for the core.
pub struct TakenUp {
    /// For people.
    pub info: LineInfo,
    /// For the core.
    pub config: LineConfig<MlsAgreement>,
    /// Its channel has no generation: a new one must be asked for.
    pub is_recovered: bool,
}

/// What became of a line.
pub enum Outcome {
    /// It is ready.
    Ready(Box<TakenUp>),
    /// It is not, and why.
    Troubled(Box<LineInfo>, Trouble),
    /// Its files are damaged.
    Unusable(Unusable),
}

/// Whether a trouble is the disk's and passes without anybody mending the line: then the boot ends, and the
/// station tries again.
fn passes(trouble: &Trouble) -> bool {
    matches!(
        trouble.code,
        "store-disk-full" | "store-read-only" | "store-io"
    )
}

/// Readies every open line of a home but those that run already. An error is the disk's, or the home's.
pub fn take_up(
    home: &Home,
    store: &mut Store,
    boot: BootId,
    on_the_wire: OnTheWire,
    running: impl Fn(&LineId) -> bool,
) -> Result<Vec<Outcome>, Trouble> {
    let of_home = |error: HomeError| Trouble::from(&error);
    let leaf = home.leaf().map_err(of_home)?;
    let lines = load_lines(home).map_err(of_home)?;
    let mut unusable = without_files(home, store, &lines);
    unusable.extend(lines.damaged.iter().map(|(line, error)| {
        tracing::error!(line = %line.short(), %error, "the line's files can't be used");
        let trouble = Trouble {
            code: error.code(),
            arguments: error.blanks(),
        };
        (*line, trouble)
    }));
    let unusable = unusable.into_iter().map(|(line, trouble)| {
        Outcome::Unusable(Unusable {
            line,
            names: damaged_lines_peer(home, line),
            trouble,
        })
    });
    let fresh = lines.open.into_iter().filter(|setup| !running(&setup.line));
    let take = |setup: LineSetup| {
        let info = info(&setup);
        match take_up_one(setup, store, boot, on_the_wire, &leaf, &info) {
            Ok(line) => Ok(Outcome::Ready(Box::new(line))),
            Err(trouble) if passes(&trouble) => Err(trouble),
            Err(trouble) => Ok(Outcome::Troubled(Box::new(info), trouble)),
        }
    };
    fresh.map(take).chain(unusable.map(Ok)).collect()
}

/// Lines of which entries are stored, but whose folder is gone or says that they wait for an answer.
fn without_files(home: &Home, store: &Store, lines: &Lines) -> Vec<(LineId, Trouble)> {
    // A store that can't even say this is met again, and named, with each line.
    let stored = store.lines().unwrap_or_default().into_iter();
    let missing = stored.filter(|line| !lines.has_files_of(line));
    let trouble = |line| {
        tracing::error!(%line, "the record holds a line whose files are missing");
        (line, Trouble::from(&home.line_without_files(line)))
    };
    missing.map(trouble).collect()
}

fn take_up_one(
    setup: LineSetup,
    store: &mut Store,
    boot: BootId,
    on_the_wire: OnTheWire,
    leaf: &MlsIdentity,
    info: &LineInfo,
) -> Result<TakenUp, Trouble> {
    let nodes = every_node(&setup);
    let checked = store.check(&setup.line, &nodes, Depth::Start);
    checked.map_err(|error| Trouble::from(&error))?;
    let stored = store.stored_line(&setup.line);
    let stored = stored.map_err(|error| Trouble::from(&error))?;
    let (channel, is_recovered) = channel(&setup, store, boot, leaf)?;
    settle(&setup, store, &channel, is_recovered)?;
    let compared = (setup.compared.actor.clone(), setup.compared.fact);
    let config = LineConfig {
        line: setup.line,
        cadences: cadences(&setup),
        nodes: speaking_nodes(&setup),
        peer: setup.peer.node.key.id(),
        tests: tests(&setup),
        offices: setup.charter.offices.clone(),
        channel,
        padding: on_the_wire.padding,
        beat_ms: on_the_wire.beat_ms,
        number_compared: Some(compared),
        stored,
    };
    Ok(TakenUp {
        info: info.clone(),
        config,
        is_recovered,
    })
}

fn cadences(setup: &LineSetup) -> Cadences {
    let agreed = setup.charter.cadences;
    Cadences {
        echo: agreed.echo_ms,
        silent_after: agreed.silent_after_ms,
        presence: agreed.presence_ms,
    }
}

/// How often the line is tested: a charter whose rules fit names a time that makes sense (OL-221).
fn tests(setup: &LineSetup) -> Figures {
    let usual = Figures::default();
    Figures::new(setup.charter.cadences.test_ms, usual.lasts).unwrap_or(usual)
}

/// The channel: as it was, or new from the tapes that were carried, or, in a home that was restored from a
/// backup, one that can only ask for a new generation (rule 2).
fn channel(
    setup: &LineSetup,
    store: &Store,
    boot: BootId,
    leaf: &MlsIdentity,
) -> Result<(Channel<MlsAgreement>, bool), Trouble> {
    let config = setup.channel_config(boot);
    let peer = setup.peer.node.key.id();
    let state = store.channel_state(&setup.line, &peer);
    if let Some(state) = state.map_err(|error| Trouble::from(&error))? {
        let channel = Channel::restore(config, &state);
        return Ok((channel.map_err(|e| unusable(&e))?, false));
    }
    let agreement = setup.agreement(leaf);
    let agreement = agreement.map_err(|error| unusable(&error))?;
    if let Some(carried) = setup.channel_tapes() {
        let package = setup.peer_key_package.as_deref();
        let channel = Channel::new(config, carried, agreement, package);
        return Ok((channel.map_err(|e| unusable(&e))?, false));
    }
    let kept = tapes::read(&setup.folder).map_err(|error| Trouble::from(&error))?;
    let kept = kept.ok_or_else(|| Trouble::new("no-tapes"))?;
    Ok((Channel::recover(config, kept, agreement), true))
}

/// Puts a channel on disk before anything is sealed with it, so that what it has to resend is the same after a
/// crash; from then on the tapes that keyed it are not needed any more.
fn settle(
    setup: &LineSetup,
    store: &mut Store,
    channel: &Channel<MlsAgreement>,
    is_recovered: bool,
) -> Result<(), Trouble> {
    if setup.tapes.is_some() && !is_recovered {
        let state = channel.snapshot().map_err(|e| unusable(&e))?;
        let change = Change::Channel {
            line: setup.line,
            peer: setup.peer.node.key.id(),
            state,
        };
        let written = store.persist(&[change], &[]);
        written.map_err(|error| Trouble::from(&error))?;
    }
    let kept = tapes::keep(&setup.folder, channel.tapes());
    kept.map_err(|error| Trouble::from(&error))
}

/// Keeps the tapes that a line's channel has not used yet, after it entered a new generation.
pub fn keep_tapes(home: &Home, store: &Store, boot: BootId, line: LineId) -> Result<(), Trouble> {
    let lines = load_lines(home).map_err(|error| Trouble::from(&error))?;
    let Some(setup) = lines.open.into_iter().find(|setup| setup.line == line) else {
        return Ok(());
    };
    let state = store.channel_state(&line, &setup.peer.node.key.id());
    let Some(state) = state.map_err(|error| Trouble::from(&error))? else {
        return Ok(());
    };
    let channel = Channel::<MlsAgreement>::restore(setup.channel_config(boot), &state);
    let channel = channel.map_err(|error| unusable(&error))?;
    let kept = tapes::keep(&setup.folder, channel.tapes());
    kept.map_err(|error| Trouble::from(&error))
}

fn unusable(why: &dyn ToString) -> Trouble {
    Trouble::new("channel-unusable").with("why", why.to_string())
}

/// What the line's files say of it.
pub fn info(setup: &LineSetup) -> LineInfo {
    let urls = setup.peer.reachable_at.iter();
    LineInfo {
        line: setup.line,
        ours: setup.own.card.party(),
        theirs: setup.peer.card.party(),
        peer: setup.peer.node.key.id(),
        charter: setup.charter.clone(),
        // Addresses of other bearers, from a newer version perhaps, are not for us.
        hints: urls
            .filter_map(|url| Hint::parse(url.as_str()).ok())
            .collect(),
    }
}

/// Every node that a card of the line ever certified: what they signed stays theirs.
fn every_node(setup: &LineSetup) -> Nodes {
    nodes(setup, |_, _| true)
}

/// The nodes that may still speak.
fn speaking_nodes(setup: &LineSetup) -> Nodes {
    nodes(setup, |card, node| card.node(node).is_ok())
}

fn nodes(setup: &LineSetup, wanted: impl Fn(&Card, openline_wire::ids::NodeId) -> bool) -> Nodes {
    let mut nodes = BTreeMap::new();
    for LineParty { card, .. } in [&setup.own, &setup.peer] {
        for certificate in &card.body().nodes {
            let id = certificate.key.id();
            if wanted(card, id) {
                nodes.insert(id, (card.party(), certificate.key.clone()));
            }
        }
    }
    nodes
}

impl From<&HomeError> for Trouble {
    fn from(error: &HomeError) -> Self {
        Self {
            code: error.code(),
            arguments: error.blanks(),
        }
    }
}
