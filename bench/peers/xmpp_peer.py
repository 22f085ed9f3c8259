"""XMPP with delivery receipts (XEP-0184) and stream management (XEP-0198), for `openline-bench peers`.

    xmpp_peer.py receive JID PASSWORD HOST PORT          prints each message that it is given
    xmpp_peer.py send JID PASSWORD HOST PORT PEER        sends each line of its input, and prints which were received

What it prints is what `openline follow --json` and `openline say --stdin --json` print of the same, as far as it is measured.
"""

import asyncio
import json
import ssl
import sys

import slixmpp


class Peer(slixmpp.ClientXMPP):
    def __init__(self, jid, password):
        super().__init__(jid, password)
        self.register_plugin("xep_0184", {"auto_ack": True, "auto_request": True})
        self.register_plugin("xep_0198")
        self.ssl_context.check_hostname = False
        self.ssl_context.verify_mode = ssl.CERT_NONE
        self.indices = {}
        self.online = asyncio.Event()
        self.add_event_handler("session_start", self.started)
        self.add_event_handler("message", self.heard)
        self.add_event_handler("receipt_received", self.receipt)
        self.add_event_handler("disconnected", lambda _: self.connect(*self.place))

    async def started(self, _):
        self.send_presence()
        await self.get_roster()
        self.online.set()

    def heard(self, message):
        if message["body"]:
            tell(kind="message", ours=False, text=message["body"])

    def receipt(self, message):
        index = self.indices.get(message["receipt"])
        if index is not None:
            tell(event="stored", index=index)

    def at(self, host, port):
        self.place = (host, int(port))
        self.connect(*self.place)
        return self


def tell(**what):
    print(json.dumps(what), flush=True)


async def receive(jid, password, host, port):
    Peer(jid, password).at(host, port)
    await asyncio.Event().wait()


async def send(jid, password, host, port, peer):
    own = Peer(jid, password).at(host, port)
    await own.online.wait()
    lines = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    index = 0
    while line := await lines.readline():
        message = own.make_message(mto=peer, mbody=line.decode().rstrip("\n"), mtype="chat")
        own.indices[message["id"]] = index
        message.send()
        index += 1
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run({"receive": receive, "send": send}[sys.argv[1]](*sys.argv[2:]))
