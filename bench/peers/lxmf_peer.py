"""LXMF over Reticulum, at its own defaults, for `openline-bench peers`.

    lxmf_peer.py identity FILE                      makes an identity; prints the hash at which its messages are delivered
    lxmf_peer.py receive CONFIG STORAGE FILE        prints each message that is delivered
    lxmf_peer.py send CONFIG STORAGE FILE PEER      sends each line of its input, and prints which were delivered

What it prints is what `openline follow --json` and `openline say --stdin --json` print of the same, as far as it is measured.
"""

import json
import sys
import threading
import time

import LXMF
import RNS

LOCK = threading.Lock()


def tell(**what):
    with LOCK:
        print(json.dumps(what), flush=True)


def router(config, storage, identity):
    RNS.Reticulum(configdir=config, loglevel=RNS.LOG_ERROR)
    router = LXMF.LXMRouter(storagepath=storage)
    return router, router.register_delivery_identity(RNS.Identity.from_file(identity))


def identity(file):
    made = RNS.Identity()
    made.to_file(file)
    print(RNS.Destination.hash_from_name_and_identity("lxmf.delivery", made).hex())


def receive(config, storage, file):
    here, own = router(config, storage, file)
    here.register_delivery_callback(
        lambda message: tell(kind="message", ours=False, text=message.content_as_string())
    )
    # Who sends asks for the way as well; this is what a person would have done once.
    here.announce(own.hash)
    threading.Event().wait()


def send(config, storage, file, peer):
    here, own = router(config, storage, file)
    peer = bytes.fromhex(peer)
    while not RNS.Transport.has_path(peer):
        RNS.Transport.request_path(peer)
        time.sleep(2)
    other = RNS.Destination(
        RNS.Identity.recall(peer), RNS.Destination.OUT, RNS.Destination.SINGLE, "lxmf", "delivery"
    )
    for index, line in enumerate(sys.stdin):
        message = LXMF.LXMessage(other, own, line.rstrip("\n"), desired_method=LXMF.LXMessage.DIRECT)
        message.register_delivery_callback(lambda _, index=index: tell(event="stored", index=index))
        here.handle_outbound(message)
    threading.Event().wait()


if __name__ == "__main__":
    {"identity": identity, "receive": receive, "send": send}[sys.argv[1]](*sys.argv[2:])
