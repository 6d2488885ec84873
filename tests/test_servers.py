"""The tests' own servers do what the fault tests count on: they come back on the same address."""

import smtplib

import psycopg
import pytest
from temporalio.client import Client

from tests.servers import Mailbox, PostgresServer, TemporalDevServer

MESSAGE = b"Subject: An appointment\r\n\r\nCaf\xc3\xa9, Tuesday.\r\n"


def _tables(url: str) -> int:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert row is not None
    return int(row[0])


def test_each_test_has_a_database_of_its_own(postgres_server: PostgresServer, postgres_url: str) -> None:
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE mark (id integer)")
    other = postgres_server.create_database()
    copy = postgres_server.create_database(template=postgres_url.rpartition("?")[0].rpartition("/")[2])
    assert [_tables(postgres_server.url(name)) for name in (other, copy)] == [0, 1]
    postgres_server.drop_database(other)
    postgres_server.drop_database(copy)


def test_the_database_keeps_what_it_held_over_an_outage(postgres_server: PostgresServer, postgres_url: str) -> None:
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE mark (id integer)")
    postgres_server.stop()
    with pytest.raises(psycopg.OperationalError):
        _tables(postgres_url)
    postgres_server.start()
    assert _tables(postgres_url) == 1


async def test_a_killed_temporal_server_comes_back_on_its_address() -> None:
    server = TemporalDevServer(search_attributes={"HandrailMark": "Keyword"})
    try:
        await server.start()
        address = server.address
        server.kill()
        await server.start()
        assert server.address == address
        client = await Client.connect(address)
        assert (await client.count_workflows("HandrailMark = 'x'")).count == 0
    finally:
        server.close()


def test_the_mailbox_keeps_messages_byte_for_byte_and_can_be_away(smtp_mailbox: Mailbox) -> None:
    with smtplib.SMTP(smtp_mailbox.host, smtp_mailbox.port) as client:
        client.sendmail("service@handrail.example", ["person@handrail.example"], MESSAGE)
    smtp_mailbox.stop()
    with pytest.raises(ConnectionRefusedError):
        smtplib.SMTP(smtp_mailbox.host, smtp_mailbox.port)
    smtp_mailbox.start()
    with smtplib.SMTP(smtp_mailbox.host, smtp_mailbox.port) as client:
        client.noop()
    assert smtp_mailbox.messages == [MESSAGE]
