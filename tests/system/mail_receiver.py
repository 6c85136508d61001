# SPDX-License-Identifier: Apache-2.0
"""A relay for the system tests: takes mail on a port of 127.0.0.1 and writes down each message the moment its final
dot is read, whatever becomes of the answer. Many connections, PIPELINING. `answers` may change what it says."""
import asyncio
import re
import threading

MESSAGE_ID = re.compile(rb"^Message-ID: <([^>]+)>", re.MULTILINE | re.IGNORECASE)


class Session(asyncio.Protocol):
    def __init__(self, receiver):
        self.receiver, self.buffer, self.in_body, self.recipient = receiver, bytearray(), False, b""

    def connection_made(self, transport):
        self.transport = transport
        self.receiver.sessions.add(self)
        self.say("greeting", b"220 receiver ESMTP\r\n")

    def connection_lost(self, reason):
        self.receiver.sessions.discard(self)

    def say(self, step, usual):
        answer = self.receiver.answer(step, self.recipient, usual)
        if answer is None:
            self.transport.abort()
        elif self.receiver.delay and step == "dot":
            asyncio.get_running_loop().call_later(self.receiver.delay, self.transport.write, answer)
        else:
            self.transport.write(answer)
        return answer or b""

    def data_received(self, data):
        self.buffer += data
        while self.take():
            pass

    def take(self):
        if self.in_body:
            end = 0 if self.buffer.startswith(b".\r\n") else self.buffer.find(b"\r\n.\r\n")
            if end < 0:
                return False
            body = bytes(self.buffer[:end])
            del self.buffer[: end + (3 if end == 0 else 5)]
            self.in_body = False
            self.receiver.note(self.recipient, body)
            self.say("dot", b"250 2.0.0 taken\r\n")
            return True
        end = self.buffer.find(b"\r\n")
        if end < 0:
            return False
        line = bytes(self.buffer[:end])
        del self.buffer[: end + 2]
        self.obey(line)
        return True

    def obey(self, line):
        word = line[:4].upper()
        if word == b"EHLO":
            self.say("ehlo", b"250-receiver\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SIZE 10000000\r\n250 ENHANCEDSTATUSCODES\r\n")
        elif word == b"MAIL":
            self.say("mail", b"250 2.1.0 ok\r\n")
        elif word == b"RCPT":
            self.recipient = line[9:].split(b">")[0]
            self.taken = self.say("rcpt", b"250 2.1.5 ok\r\n").startswith(b"2")
        elif word == b"DATA":
            self.in_body = self.say("data", b"354 go\r\n" if self.taken else b"554 5.5.1 no recipient\r\n").startswith(b"3")
        elif word == b"QUIT":
            self.transport.write(b"221 2.0.0 bye\r\n")
            self.transport.close()
        else:
            self.say("other", b"250 2.0.0 ok\r\n")


class Receiver:
    def __init__(self, port=0):
        self.received = []  # (recipient, Message-ID), in the order of their dots
        self.sessions, self.delay, self.answers, self.wanted = set(), 0, {}, port
        self.times = []
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        self.ready.wait()

    def _run(self):
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        self.server = self.loop.run_until_complete(self.loop.create_server(lambda: Session(self), "127.0.0.1", self.wanted, backlog=500))
        self.port = self.server.sockets[0].getsockname()[1]
        self.ready.set()
        self.loop.run_forever()
        self.loop.close()

    def answer(self, step, recipient, usual):
        change = self.answers.get(step)
        return change(recipient, usual) if change else usual

    def note(self, recipient, body):
        found = MESSAGE_ID.search(body)
        self.received.append((recipient.decode(), found.group(1).decode() if found else ""))
        self.note_time(recipient)

    def note_time(self, recipient):
        pass

    def close(self):
        def end():
            self.server.close()
            for session in list(self.sessions):
                session.transport.abort()
            self.loop.call_soon(self.loop.stop)
        self.loop.call_soon_threadsafe(end)
        self.thread.join()
