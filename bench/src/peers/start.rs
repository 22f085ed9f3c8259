//! Starts each program at both sides, and lets one text through.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;

use anyhow::{Context as _, Result, ensure};

use super::{PATIENCE, Plan, Program, Running, SET_UP, inside};
use crate::bed::{ADDRESSES, Bed};
use crate::conversation::Conversation;
use crate::openline_cli::{Padding, read_follow, read_say};
use crate::pair::Pair;
use crate::process::{Follow, Say, Station};

const LXMF_PORT: u16 = 4242;
const XMPP_PORT: &str = "5222";
const XMPP_HOST: &str = "line.example";
const XMPP_PASSWORD: &str = "the bench's own";

/// Says which program of the others is missing.
pub fn require(plan: &Plan) -> Result<()> {
    let there = |program: &str, argument: &str| {
        let mut command = Command::new(program);
        command.arg(argument).stdin(Stdio::null());
        command.output().is_ok_and(|it| it.status.success())
    };
    ensure!(
        there("prosodyctl", "--help") && there("openssl", "version"),
        "prosody or openssl is missing.\nRun: apt-get install prosody openssl"
    );
    ensure!(
        plan.python.exists(),
        "{} is missing.\nRun: cargo xtask bench peers, which sets it up.",
        plan.python.display()
    );
    Ok(())
}

pub fn start(plan: &Plan, program: Program, bed: &Bed, directory: &Path) -> Result<Running> {
    match program {
        Program::Openline => openline(plan, bed),
        Program::Lxmf => lxmf(plan, bed, directory),
        Program::Xmpp => xmpp(plan, bed, directory),
    }
}

/// Sent as FLASH: that is what a crisis line is for, and the others know no precedence.
fn openline(plan: &Plan, bed: &Bed) -> Result<Running> {
    let pair = Pair::on_bed(&plan.program, &plan.homes, bed)?;
    let (stations, _) = pair.start_both(Padding::None, SET_UP)?;
    Ok(Running {
        conversation: Conversation::begin(&pair, true, PATIENCE)?,
        _beside: stations.into(),
        _pair: Some(pair),
    })
}

fn lxmf(plan: &Plan, bed: &Bed, directory: &Path) -> Result<Running> {
    let script = plan.scripts.join("lxmf_peer.py");
    let mut addresses = Vec::new();
    for side in [0, 1] {
        let home = directory.join(side.to_string());
        std::fs::create_dir(&home)?;
        std::fs::write(home.join("config"), reticulum(side))?;
        let identity = Command::new(&plan.python)
            .arg(&script)
            .arg("identity")
            .arg(home.join("identity"))
            .output()?;
        let printed = String::from_utf8(identity.stdout)?;
        addresses.push(printed.trim().to_owned());
    }
    let peer = |side: usize, role: &str| {
        let home = directory.join(side.to_string());
        let mut command = inside(bed, side, &plan.python);
        command.arg(&script).arg(role);
        command
            .arg(&home)
            .arg(home.join("storage"))
            .arg(home.join("identity"));
        command.stderr(Stdio::null());
        command
    };
    let (tell, heard) = channel();
    let follow = Follow::spawn(peer(1, "receive"), tell.clone(), read_follow)?;
    let mut send = peer(0, "send");
    send.arg(&addresses[1]);
    let say = Say::spawn(send, tell, read_say)?;
    Ok(Running {
        conversation: Conversation::of(say, follow, heard, SET_UP)?,
        _beside: Vec::new(),
        _pair: None,
    })
}

fn reticulum(side: usize) -> String {
    let (own, other) = (ADDRESSES[side], ADDRESSES[1 - side]);
    format!(
        "[reticulum]\nenable_transport = No\nshare_instance = No\n[interfaces]\n[[link]]\ntype = UDPInterface\nenabled = yes\n\
         listen_ip = {own}\nlisten_port = {LXMF_PORT}\nforward_ip = {other}\nforward_port = {LXMF_PORT}\n"
    )
}

/// The server stands at the receiver's side, so that a text crosses the link once.
fn xmpp(plan: &Plan, bed: &Bed, directory: &Path) -> Result<Running> {
    let config = directory.join("prosody.cfg.lua");
    let template = std::fs::read_to_string(plan.scripts.join("prosody.cfg.lua"))?;
    std::fs::write(
        &config,
        template.replace("@DIR@", &directory.display().to_string()),
    )?;
    std::fs::create_dir(directory.join("data"))?;
    certificate(directory)?;
    for user in ["left", "right"] {
        let mut command = Command::new("prosodyctl");
        command.arg("--config").arg(&config);
        command.args(["register", user, XMPP_HOST, XMPP_PASSWORD]);
        let output = command.output()?;
        ensure!(output.status.success(), "prosodyctl made no account");
    }
    let mut server = inside(bed, 1, Path::new("prosody"));
    server.arg("-F").arg("--config").arg(&config);
    let server = Station::spawn(server).context("prosody")?;
    let script = plan.scripts.join("xmpp_peer.py");
    let client = |side: usize, role: &str, user: &str, host: &str| {
        let mut command = inside(bed, side, &plan.python);
        let name = format!("{user}@{XMPP_HOST}");
        command
            .arg(&script)
            .args([role, &name, XMPP_PASSWORD, host, XMPP_PORT]);
        command.stderr(Stdio::null());
        command
    };
    let (tell, heard) = channel();
    let receive = client(1, "receive", "right", ADDRESSES[1]);
    let follow = Follow::spawn(receive, tell.clone(), read_follow)?;
    let mut send = client(0, "send", "left", ADDRESSES[1]);
    send.arg(format!("right@{XMPP_HOST}"));
    let say = Say::spawn(send, tell, read_say)?;
    Ok(Running {
        conversation: Conversation::of(say, follow, heard, SET_UP)?,
        _beside: vec![server],
        _pair: None,
    })
}

fn certificate(directory: &Path) -> Result<()> {
    let file = |ending: &str| directory.join(format!("{XMPP_HOST}.{ending}"));
    let mut command = Command::new("openssl");
    command.args([
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
    ]);
    command.args(["-subj", &format!("/CN={XMPP_HOST}")]);
    command
        .arg("-keyout")
        .arg(file("key"))
        .arg("-out")
        .arg(file("crt"));
    let output = command.output()?;
    ensure!(output.status.success(), "openssl made no certificate");
    Ok(())
}
