//! Two real stations on one machine: processes, sockets, disks. What befalls them.

mod crash;
mod disk;
mod pair;
mod talk;
