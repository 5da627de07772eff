"""Items with an ETag each, behind If-Match: an API as yours may be, which knows
nothing of occbench. With --check-then-act it compares first and writes later."""
import argparse, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

options = argparse.ArgumentParser(description=__doc__)
options.add_argument("--addr", default="127.0.0.1:9090", help="address to listen on")
options.add_argument("--check-then-act", action="store_true", help="let go of the lock between the comparison and the write")
options = options.parse_args()
lock, items, writes = threading.Lock(), {}, 0  # items: path -> (ETag, body)


class Items(BaseHTTPRequestHandler):
    protocol_version, disable_nagle_algorithm = "HTTP/1.1", True

    def do_GET(self):
        with lock:
            etag, body = items.get(self.path, (None, b""))
        self.answer(200 if etag else 404, etag, body)

    def do_PUT(self):
        global writes
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with lock:
            etag, _ = items.get(self.path, (None, b""))
            if self.headers["If-Match"] != etag or not etag and self.headers["If-None-Match"] != "*":
                return self.answer(412)
            if options.check_then_act:
                lock.release()
                time.sleep(0.002)
                lock.acquire()
            writes += 1
            etag = f'"{writes}"'
            items[self.path] = etag, body
        self.answer(204, etag)

    def do_DELETE(self):
        with lock:
            items.pop(self.path, None)
        self.answer(204)

    def answer(self, status, etag=None, body=b""):
        self.send_response(status)
        if etag:
            self.send_header("ETag", etag)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


ThreadingHTTPServer.request_queue_size = 128
host, port = options.addr.rsplit(":", 1)
ThreadingHTTPServer((host, int(port)), Items).serve_forever()
