//! How many datagrams the system had no room for: it counts them for each socket, and tells it in a table.

use std::fs;
use std::net::SocketAddr;
use std::os::fd::BorrowedFd;

/// Datagrams that found a socket's queue full, since it was opened. 0 if the system does not tell (proc(5) is not mounted).
pub(crate) fn overflows(socket: BorrowedFd<'_>, address: SocketAddr) -> u64 {
    let Ok(stat) = rustix::fs::fstat(socket) else {
        return 0;
    };
    // The table of this thread's own network namespace.
    let table = match address {
        SocketAddr::V4(_) => "/proc/thread-self/net/udp",
        SocketAddr::V6(_) => "/proc/thread-self/net/udp6",
    };
    let table = fs::read_to_string(table).unwrap_or_default();
    find(&table, stat.st_ino).unwrap_or_default()
}

/// The last column of the row with this inode. The columns are named in the first line, and the pairs among the
/// names (`tx_queue rx_queue`, `tr tm->when`) are written with a colon between them.
fn find(table: &str, inode: u64) -> Option<u64> {
    let rows = table.lines().skip(1);
    let mut columns = rows.map(|row| row.split_ascii_whitespace().collect::<Vec<_>>());
    let is_ours = |row: &Vec<&str>| row.get(9).is_some_and(|cell| *cell == inode.to_string());
    columns.find(is_ours)?.last()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Linux 6.1 printed it.
    const TABLE: &str = "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
 1403: 0100007F:1DB0 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 51237 2 0000000000000000 17
 1404: 0100007F:1DB1 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 51238 2 0000000000000000 0
";

    #[test]
    fn a_socket_is_found_by_its_inode() {
        assert_eq!(find(TABLE, 51_237), Some(17));
        assert_eq!(find(TABLE, 51_238), Some(0));
        assert_eq!(find(TABLE, 17), None);
        assert_eq!(find("", 17), None);
    }
}
