//! Where the control API hands in commands and reads what is stored.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use openline_proto::contract::{Command, Imported};
use openline_store::{FileShelf, NamedEntry, Reader, StoreError};
use openline_wire::entry::Entry;
use openline_wire::header::Actor;
use openline_wire::ids::LineId;
use tokio::sync::{mpsc, oneshot};

use super::board::{Answer, Board, Failure};
use super::courier::{CourierOrder, Sealed};
use super::courier_log::CourierLog;
use super::inbox::{Inbox, Order, Request};
use super::sockets::Sockets;
use super::trouble::Trouble;

/// The station, as the control API sees it.
#[derive(Debug)]
pub struct Desk {
    /// What is known.
    pub board: Arc<Board>,
    /// The bearers.
    pub sockets: Arc<Sockets>,
    /// What couriers have.
    pub courier: CourierLog,
    inbox: Arc<Inbox>,
    shelf: Arc<Shelf>,
    tickets: AtomicU64,
}

/// Where the core's thread puts a reader for the others, each time it opens the store, and a way to the bytes of files.
#[derive(Default)]
pub struct Shelf(Mutex<Option<Reader>>, Mutex<Option<FileShelf>>);

impl std::fmt::Debug for Shelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shelf")
    }
}

impl Shelf {
    /// Replaces both.
    pub fn put(&self, reader: Reader, files: FileShelf) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(reader);
        *self.1.lock().unwrap_or_else(PoisonError::into_inner) = Some(files);
    }

    fn files<T>(
        &self,
        act: impl FnOnce(&FileShelf) -> Result<T, StoreError>,
    ) -> Result<T, Trouble> {
        let files = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        match files.as_ref() {
            Some(files) => act(files).map_err(|error| Trouble::from(&error)),
            None => Err(Trouble::new("store-not-open")),
        }
    }

    fn read<T>(&self, read: impl FnOnce(&Reader) -> Result<T, StoreError>) -> Result<T, Trouble> {
        let reader = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match reader.as_ref() {
            Some(reader) => read(reader).map_err(|error| Trouble::from(&error)),
            None => Err(Trouble::new("store-not-open")),
        }
    }
}

impl Desk {
    /// Takes its place between the API and the core's thread.
    pub fn new(
        board: Arc<Board>,
        sockets: Arc<Sockets>,
        inbox: Arc<Inbox>,
        shelf: Arc<Shelf>,
        courier: CourierLog,
    ) -> Self {
        Self {
            board,
            sockets,
            courier,
            inbox,
            shelf,
            tickets: AtomicU64::new(1),
        }
    }

    /// Hands a command in; its one answer will come to `reply` under the ticket that is returned.
    pub async fn submit(
        &self,
        line: LineId,
        actor: Actor,
        command: Command,
        reply: &mpsc::UnboundedSender<Answer>,
    ) -> u64 {
        let ticket = self.draw_ticket();
        self.board.expect(ticket, reply.clone());
        let request = Request {
            ticket,
            line,
            actor,
            command,
        };
        self.inbox.send_command(request).await;
        ticket
    }

    /// Hands a command in and waits for its answer.
    pub async fn act(
        &self,
        line: LineId,
        actor: Actor,
        command: Command,
    ) -> Result<Option<Arc<NamedEntry>>, Failure> {
        let (reply, mut answers) = mpsc::unbounded_channel();
        self.submit(line, actor, command, &reply).await;
        answer(&mut answers).await
    }

    /// Has lines taken up that were opened since the start.
    pub async fn reload(&self) -> Result<(), Failure> {
        let (reply, mut answers) = mpsc::unbounded_channel();
        let ticket = self.draw_ticket();
        self.board.expect(ticket, reply);
        self.inbox.send_order(Order::Reload { ticket });
        answer(&mut answers).await.map(|_| ())
    }

    /// Seals stored entries of our node's into frames of a bundle; none if the line has no keys for it.
    pub async fn carry(&self, line: LineId, entries: Vec<Arc<Entry>>) -> Result<Sealed, Failure> {
        let (reply, answer) = oneshot::channel();
        let order = CourierOrder::Export {
            line,
            entries,
            reply,
        };
        self.inbox.send_order(Order::Courier(order));
        answer.await.map_err(|_| Failure::BootEnded)
    }

    /// Takes in what frames of a bundle hold.
    pub async fn take_carried(&self, frames: Vec<Vec<u8>>) -> Result<Imported, Failure> {
        let (reply, answer) = oneshot::channel();
        let order = CourierOrder::Import { frames, reply };
        self.inbox.send_order(Order::Courier(order));
        answer.await.map_err(|_| Failure::BootEnded)
    }

    /// Reads from the store, in a thread that may wait for the disk.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Reader) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Trouble> {
        let shelf = self.shelf.clone();
        let reading = tokio::task::spawn_blocking(move || shelf.read(read));
        let panicked = |_| Trouble::new("store-not-open");
        reading.await.unwrap_or_else(|error| Err(panicked(error)))
    }

    /// Reads or keeps bytes of files, in a thread that may wait for the disk.
    pub async fn files<T: Send + 'static>(
        &self,
        act: impl FnOnce(&FileShelf) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Trouble> {
        let shelf = self.shelf.clone();
        let acting = tokio::task::spawn_blocking(move || shelf.files(act));
        let panicked = |_| Trouble::new("store-not-open");
        acting.await.unwrap_or_else(|error| Err(panicked(error)))
    }

    fn draw_ticket(&self) -> u64 {
        self.tickets.fetch_add(1, Ordering::Relaxed)
    }
}

async fn answer(
    answers: &mut mpsc::UnboundedReceiver<Answer>,
) -> Result<Option<Arc<NamedEntry>>, Failure> {
    match answers.recv().await {
        Some(answer) => answer.result,
        // The station stops, and the board is gone.
        None => Err(Failure::BootEnded),
    }
}
