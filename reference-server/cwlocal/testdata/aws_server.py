"""Answers calls of the AWS CLI at a socket, until its standard input ends.

/usr/bin/aws does nothing but awscli.clidriver.main(), yet loads Python modules
for most of a second before it. Here they are loaded once. Each call has a new
session and a new driver, which main makes.
"""
import contextlib
import io
import json
import select
import socket
import sys

import awscli.clidriver

with socket.create_server(sys.argv[1], family=socket.AF_UNIX) as server:
    print("listening", flush=True)
    while sys.stdin not in select.select([server, sys.stdin], [], [])[0]:
        with server.accept()[0].makefile("rw") as connection:
            sys.argv = json.loads(connection.readline())
            with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
                code = awscli.clidriver.main()
            json.dump([out.getvalue(), err.getvalue(), code], connection)
