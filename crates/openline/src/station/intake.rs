//! Where the core's thread waits: for what is in the inbox and for what arrives at the bearers, in one sleep. A text
//! that comes over the network wakes one thread and no more.
//!
//! While the core waits for the disk, frames wait in the system's queues, which are bounded and drop what is too much.

use std::sync::Arc;
use std::time::{Duration, Instant};

use openline_net::{Turn, Wait};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::crowd::{Crowd, Whose};
use super::inbox::{Arrival, BATCH, BATCH_OF_MANY, Inbox};
use super::sockets::Sockets;

/// How long a bearer is left alone after an error that is not about one datagram: it would only come again.
const REST: Duration = Duration::from_secs(1);

/// Frames read at a bearer before the core takes any: more than it takes, so that they wait where one sender's don't stand in
/// another's way, and not in the system's queue.
const READ: usize = 1_024;

/// How much of what it takes in at once the core works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Load {
    /// One line: nobody else waits, and all share a durable write.
    OneLine,
    /// Several: a flood on one of them leaves most of the time to the others.
    ManyLines,
}

impl Load {
    fn frames(self) -> usize {
        match self {
            Load::OneLine => BATCH,
            Load::ManyLines => BATCH_OF_MANY,
        }
    }
}

/// After a flood had its turn it rests for so many times as long as that took: a frame of another line, whenever it comes,
/// is most often the only one that the core and the disk have to do with.
const RESTS: u32 = 2;

/// It rests for so long at most: the disk of a machine may take its time.
const LONGEST_REST: Duration = Duration::from_millis(20);

/// What the core's thread takes its work from.
#[derive(Debug)]
pub struct Intake {
    inbox: Arc<Inbox>,
    sockets: Arc<Sockets>,
    /// Frames that have arrived and wait for their turn.
    crowd: Crowd,
    /// Bearers that are left alone, and until when.
    resting: Vec<(u8, Instant)>,
    /// Since when the core has worked on what a flood brought.
    flood_since: Option<Instant>,
    /// Until when what more it brings is left alone.
    flood_rests: Option<Instant>,
}

impl Intake {
    /// From these.
    pub fn new(inbox: Arc<Inbox>, sockets: Arc<Sockets>) -> Self {
        Self {
            inbox,
            sockets,
            crowd: Crowd::default(),
            resting: Vec::new(),
            flood_since: None,
            flood_rests: None,
        }
    }

    /// What has come, the most urgent first; waits itself for so long if there is nothing.
    pub fn take(&mut self, wait: Duration, load: Load) -> Vec<Arrival> {
        self.sockets.tend(|bearer, turn| match turn {
            Turn::Gone(why) => tracing::warn!(bearer = bearer.url(), why, "a bearer is gone"),
            Turn::Back => tracing::warn!(bearer = bearer.url(), "a bearer is back"),
        });
        let whose = self.whose_turn();
        let ready = match self.inbox.is_empty() && !self.crowd.has(whose) {
            true => self.sleep(wait),
            false => self.sleep(Duration::ZERO),
        };
        ready.into_iter().for_each(|bearer| self.receive(bearer));
        let whose = self.whose_turn();
        let (frames, is_flood) = self.crowd.take(load.frames(), whose);
        let is_shared = is_flood && load == Load::ManyLines;
        self.flood_since = is_shared.then(Instant::now);
        self.inbox.take(frames)
    }

    /// A flood that had its turn rests then.
    fn whose_turn(&mut self) -> Whose {
        let now = Instant::now();
        if let Some(since) = self.flood_since.take() {
            let rest = (now - since) * RESTS;
            self.flood_rests = Some(now + rest.min(LONGEST_REST));
        }
        self.flood_rests = self.flood_rests.filter(|until| *until > now);
        match self.flood_rests {
            Some(_) => Whose::Few,
            None => Whose::All,
        }
    }

    /// Waits until there is something to take or to tend, and tells at which bearers.
    fn sleep(&mut self, wait: Duration) -> Vec<u8> {
        let now = Instant::now();
        self.resting.retain(|(_, until)| *until > now);
        let rests = |number| self.resting.iter().any(|(resting, _)| *resting == number);
        let bearers = self.sockets.waits().filter(|(number, _)| !rests(*number));
        let waits: Vec<(u8, Wait<'_>)> = bearers.collect();
        let descriptors = waits.iter().filter_map(|(_, wait)| wait.source());
        let bell = PollFd::from_borrowed_fd(self.inbox.bell(), PollFlags::IN);
        let mut sources: Vec<PollFd<'_>> = descriptors.chain([bell]).collect();
        let times = waits.iter().filter_map(|(_, wait)| wait.time());
        let rests = self.resting.iter().map(|(_, until)| *until);
        let times = times.chain(rests).chain(self.flood_rests);
        let wake = times.map(|time| time.saturating_duration_since(now)).min();
        let wait = wait.min(wake.unwrap_or(wait));
        // A signal or a wait beyond the system's range only wakes the core early.
        let woken = poll(&mut sources, Timespec::try_from(wait).ok().as_ref());
        if woken.is_err() {
            return Vec::new();
        }
        let is_ready = |source: &PollFd<'_>| !source.revents().is_empty();
        if sources.last().is_some_and(is_ready) {
            self.inbox.hush();
        }
        let waited_at = waits.iter().filter(|(_, wait)| wait.has_source());
        let ready = waited_at.zip(&sources);
        let ready = ready.filter(|(_, source)| is_ready(source));
        let mut ready: Vec<u8> = ready.map(|((number, _), _)| *number).collect();
        // What a bearer has taken from the system and could not hand on yet shows at no descriptor.
        let now = Instant::now();
        let is_due = |wait: &Wait<'_>| wait.time().is_some_and(|time| time <= now);
        let due = waits.iter().filter(|(_, wait)| is_due(wait));
        let due: Vec<u8> = due.map(|(number, _)| *number).collect();
        ready.extend(due);
        ready.sort_unstable();
        ready.dedup();
        ready
    }

    fn receive(&mut self, bearer: u8) {
        let crowd = &mut self.crowd;
        let put = |route, is_named, bytes: &[u8]| crowd.put(route, is_named, bytes);
        if let Err(error) = self.sockets.receive(bearer, READ, put) {
            tracing::warn!(%error, bearer, "a bearer can't receive");
            self.resting.push((bearer, Instant::now() + REST));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::UdpSocket;
    use std::thread;

    use openline_net::{Bearer, UdpBearer};

    use openline_proto::contract::Input;

    use super::super::inbox::Order;
    use super::*;

    fn intake() -> (Intake, Arc<Inbox>, UdpSocket) {
        let any = "127.0.0.1:0".parse().expect("an address");
        let bearer = UdpBearer::bind(any).expect("a free port");
        let peer = UdpSocket::bind(any).expect("a free port");
        peer.connect(bearer.address()).expect("a way");
        let mut sockets = Sockets::default();
        sockets.add(Bearer::Udp(bearer), None);
        let inbox = Arc::new(Inbox::new().expect("a descriptor"));
        (Intake::new(inbox.clone(), Arc::new(sockets)), inbox, peer)
    }

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn a_frame_and_an_order_each_end_the_sleep() {
        let (mut intake, inbox, peer) = intake();
        let sender = thread::spawn(move || {
            thread::sleep(Duration::from_millis(50));
            peer.send(&[1; 40]).expect("sent");
        });
        let taken = intake.take(LONG, Load::OneLine);
        assert!(matches!(taken[..], [Arrival::Input(Input::Frame { .. })]));
        sender.join().expect("no panic");
        let caller = thread::spawn(move || {
            thread::sleep(Duration::from_millis(50));
            inbox.send_order(Order::Stop);
        });
        let taken = intake.take(LONG, Load::OneLine);
        assert!(matches!(taken[..], [Arrival::Order(Order::Stop)]));
        caller.join().expect("no panic");
    }

    #[test]
    fn nothing_is_not_waited_for_longer_than_was_asked() {
        let (mut intake, ..) = intake();
        assert!(
            intake
                .take(Duration::from_millis(1), Load::OneLine)
                .is_empty()
        );
    }

    #[test]
    fn a_flood_of_frames_is_taken_in_batches_and_an_order_is_heard_first() {
        let (mut intake, inbox, peer) = intake();
        for _ in 0..BATCH + 10 {
            peer.send(&[0; 40]).expect("sent");
        }
        inbox.send_order(Order::EndBoot);
        let taken = intake.take(LONG, Load::OneLine);
        assert!(matches!(taken[0], Arrival::Order(Order::EndBoot)));
        assert_eq!(taken.len(), 1 + BATCH);
        assert_eq!(intake.take(LONG, Load::OneLine).len(), 10);
    }

    #[test]
    fn with_several_lines_a_flood_rests_after_its_turn_and_who_sends_little_does_not_wait() {
        let (mut intake, inbox, peer) = intake();
        let frames = |intake: &mut Intake| intake.take(LONG, Load::ManyLines).len();
        for _ in 0..100 {
            peer.send(&[0; 40]).expect("sent");
        }
        assert_eq!(frames(&mut intake), BATCH_OF_MANY);
        let work = Duration::from_millis(5);
        thread::sleep(work);
        inbox.send_order(Order::EndBoot);
        let taken = intake.take(LONG, Load::ManyLines);
        assert!(matches!(taken[..], [Arrival::Order(Order::EndBoot)]));
        let until = intake.flood_rests.expect("it rests");
        assert_eq!(frames(&mut intake), BATCH_OF_MANY);
        assert!(Instant::now() >= until, "not before it has rested");
    }
}
