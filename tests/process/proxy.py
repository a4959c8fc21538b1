"""A TCP proxy that stands for the network between two programs: it can be slow, go silent, or be
cut."""
import socket
import threading
import time

PART = 1 << 16


class Proxy:
    """Listens on `port` (0: any free one) and passes on to 127.0.0.1:`upstream`."""

    def __init__(self, upstream, port=0):
        self.upstream, self.delay = upstream, 0.0
        self.is_cut = self.is_mute = False
        self.pairs, self.lock = set(), threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        """Ends what is connected, and whatever is connected from now on, until heal()."""
        self.is_cut = True
        self._end_all()

    def mute(self):
        """Half-open: what clients send arrives, and no answer comes back, until heal()."""
        self.is_mute = True

    def heal(self):
        """As new. Connections that missed an answer are ended: what was held back is lost."""
        was_mute, self.is_cut, self.is_mute, self.delay = self.is_mute, False, False, 0.0
        if was_mute:
            self._end_all()

    def close(self):
        self.is_cut = True
        self.listener.close()
        self._end_all()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if self.is_cut:
                client.close()
                continue
            try:
                server = socket.create_connection(("127.0.0.1", self.upstream), timeout=5)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            pair = (client, server)
            with self.lock:
                self.pairs.add(pair)
            threading.Thread(target=self._pump, args=(client, server, pair, False), daemon=True).start()
            threading.Thread(target=self._pump, args=(server, client, pair, True), daemon=True).start()

    def _pump(self, source, sink, pair, is_answer):
        try:
            while True:
                part = source.recv(PART)
                if not part:
                    break
                if self.delay:
                    time.sleep(self.delay)
                if is_answer and self.is_mute:
                    continue                             # lost; heal() ends the connection
                sink.sendall(part)
        except OSError:
            pass
        self._end(pair)

    def _end(self, pair):
        with self.lock:
            self.pairs.discard(pair)
        for one in pair:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()

    def _end_all(self):
        with self.lock:
            pairs = list(self.pairs)
        for pair in pairs:
            self._end(pair)
