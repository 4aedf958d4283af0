"""Sends finished messages with bare aiosmtplib, storing nothing: the upper limit of `planner send`.

Usage: bare.py LETTERS.json PORT CONNECTIONS.  The other end of what `planner send` can be.
"""

import asyncio
import json
import sys
from pathlib import Path

import aiosmtplib


async def send(letters, port, connections):
    waiting = iter(letters)

    async def session():
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False) as smtp:
            for sender, recipients, text in waiting:
                await smtp.sendmail(sender, recipients, text.encode())

    await asyncio.gather(*(session() for _ in range(connections)))


if __name__ == "__main__":
    asyncio.run(send(json.loads(Path(sys.argv[1]).read_text()), int(sys.argv[2]), int(sys.argv[3])))
