"""What Temporal keeps of a case: JSON, compressed, then encrypted with a key that Temporal never has.

Used by clients and workers, around workflow code and never inside it. Failures are encrypted too. The key's
id travels in clear beside each payload, so that keys can be changed: the current one encrypts, all decrypt. A
key must be kept until the last run that was encrypted with it has been forgotten. Only who has a key can say
anything to a case: what comes in clear is not read. docs/adr/0031.
"""

import base64
import binascii
import os
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel, ConfigDict, ValidationError
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    DefaultPayloadConverter,
    JSONPlainPayloadConverter,
    PayloadCodec,
)

ENCODING: Final = b"binary/handrail-1"
NOT_ENCRYPTED: Final = b"binary/handrail-not-encrypted"
KEY_ID: Final = "key"
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12

# Most payloads are a few hundred bytes, too few to find repetitions in: these words are known beforehand.
# Part of the encoding: when they change, so does its name, and the old ones stay for what was written with them.
WORDS: Final = (
    b'"missed","reached","fired":"frozen":"wake":"state":"due":"started":"number":1"clock":"strand":"main"'
    b'{"turn":"clock came due","handover answered","consent recorded","interrupt raised","fact corrected"'
    b'"status":"outcome":"delivered","reason":null{"notice":"recipient":"person","channel":"consent":"kind":'
    b'"send notice"{"id":"role":"about":"sentence":"since":"open job"{"id":"outcome":"close job"{"nobody_in":[]}'
    b'{"entered":"2027-00:00Z","strands":{"main":{"kind":"main","step":"owner":"facts":{"value":"moments":{"'
    b'taking:entering:leaving:"entries":{"turns":{"clocks":{"jobs":{"counts":{"now":"sequence":'
    b'{"id":"event":{"at":"2026-00:00Z","by":"keyworker","action":"answers":{},"strand":null,"kind":"action taken"}'
    b',"account":"request":{"case":"epoch":1,"digest":"interpreter":1,"steps":[{"sequence":,"changes":{"effects":[]'
    b"\n\x16\n\x08encoding\x12\njson/plain\x12"
)
COMPRESSION: Final = 6
RAW: Final = -zlib.MAX_WBITS
"""Deflate without header and checksum: encryption already finds any change."""


class PayloadKeysError(Exception):
    """The keys cannot be used. Says nothing of what is in them."""


class UnreadablePayloadError(Exception):
    """A payload was encrypted with a key that is not here, or was changed on its way."""


@dataclass(frozen=True, slots=True)
class PayloadKeys:
    """Keys by id, 32 bytes each. `current` encrypts, all decrypt."""

    current: str
    keys: dict[str, bytes] = field(repr=False)

    def __post_init__(self) -> None:
        if self.current not in self.keys:
            raise PayloadKeysError("The current key is not among the keys.")
        if any(len(key) != KEY_BYTES for key in self.keys.values()):
            raise PayloadKeysError(f"Each key has {KEY_BYTES} bytes.")


class _KeyFile(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    current: str
    keys: dict[str, str]


def read_keys(text: str) -> PayloadKeys:
    """Read keys as they are kept in a file: `{"current": "<id>", "keys": {"<id>": "<base64>"}}`.

    Raises:
        PayloadKeysError: They cannot be read.
    """
    try:
        file = _KeyFile.model_validate_json(text)
        keys = {name: base64.b64decode(key, validate=True) for name, key in file.keys.items()}
    except (ValidationError, binascii.Error):
        raise PayloadKeysError("This is no file of payload keys.") from None
    return PayloadKeys(current=file.current, keys=keys)


def data_converter(keys: PayloadKeys) -> DataConverter:
    """How values become payloads and back; the same for every client and worker of a case."""
    return DataConverter(
        payload_converter_class=SharedJsonConverter,
        payload_codec=EncryptingCodec(keys),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


_JSON: Final = PydanticJSONPlainPayloadConverter()


class SharedJsonConverter(CompositePayloadConverter):
    """Pydantic's JSON, with one set of type adapters for the whole process.

    Temporal makes a converter for each case in memory. With a set of its own, each would build the adapters of all
    messages anew: 35 ms, and more than half of what a case that waits holds in memory.
    """

    def __init__(self) -> None:
        usual = DefaultPayloadConverter.default_encoding_payload_converters
        super().__init__(*(_JSON if isinstance(one, JSONPlainPayloadConverter) else one for one in usual))


class EncryptingCodec(PayloadCodec):
    """Compresses and encrypts whole payloads, metadata included."""

    def __init__(self, keys: PayloadKeys) -> None:
        self._current = keys.current.encode()
        self._ciphers = {name.encode(): AESGCM(key) for name, key in keys.keys.items()}

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Compress and encrypt."""
        return [self._encrypted(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Decrypt and expand. What was not encrypted is taken away: whoever reaches Temporal could have written it.

        Raises:
            UnreadablePayloadError: The key is not here, or the payload was changed.
        """
        return list(self._decrypted(payloads))

    def _encrypted(self, payload: Payload) -> Payload:
        # A codec runs outside workflow code: its chance is never replayed.
        nonce = os.urandom(NONCE_BYTES)  # noqa: TID251
        packing = zlib.compressobj(COMPRESSION, zlib.DEFLATED, RAW, zdict=WORDS)
        packed = packing.compress(payload.SerializeToString(deterministic=True)) + packing.flush()
        sealed = self._ciphers[self._current].encrypt(nonce, packed, self._current)
        return Payload(metadata={"encoding": ENCODING, KEY_ID: self._current}, data=nonce + sealed)

    def _decrypted(self, payloads: Iterable[Payload]) -> Iterable[Payload]:
        for payload in payloads:
            if payload.metadata.get("encoding") != ENCODING:
                # Not an error here, which would leave the case's task retrying: no value can be read from this,
                # so an update that brings it is rejected and leaves no trace.
                yield Payload(metadata={"encoding": NOT_ENCRYPTED})
                continue
            key = payload.metadata.get(KEY_ID, b"")
            cipher = self._ciphers.get(key)
            if cipher is None:
                raise UnreadablePayloadError(f"There is no payload key {key.decode(errors='replace')!r} here.")
            try:
                packed = cipher.decrypt(payload.data[:NONCE_BYTES], payload.data[NONCE_BYTES:], key)
            except InvalidTag:
                raise UnreadablePayloadError("A payload was changed, or its key is another one.") from None
            unpacking = zlib.decompressobj(RAW, zdict=WORDS)
            yield Payload.FromString(unpacking.decompress(packed) + unpacking.flush())
