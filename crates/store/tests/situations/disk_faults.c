/* Loaded before the C library (LD_PRELOAD), makes a disk that fails: after DISK_ROOM bytes there is no
   space left, and the DISK_SYNC-th sync ends with an input/output error. Faults of real disks can't be
   had without root; these reach SQLite in the same way. */

#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The number in an environment variable; -1 if it is not set. */
static long setting(const char *name) {
    const char *text = getenv(name);
    return text ? atol(text) : -1;
}

static ssize_t write_at(int file, const void *bytes, size_t count, off_t place) {
    static long written = 0;
    long room = setting("DISK_ROOM");
    written += (long)count;
    if (room >= 0 && written > room) {
        errno = ENOSPC;
        return -1;
    }
    return syscall(SYS_pwrite64, file, bytes, count, place);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t place) {
    return write_at(file, bytes, count, place);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off_t place) {
    return write_at(file, bytes, count, place);
}

static int sync_fails(void) {
    static long syncs = 0;
    if (++syncs != setting("DISK_SYNC"))
        return 0;
    errno = EIO;
    return 1;
}

int fsync(int file) {
    return sync_fails() ? -1 : (int)syscall(SYS_fsync, file);
}

int fdatasync(int file) {
    return sync_fails() ? -1 : (int)syscall(SYS_fdatasync, file);
}
