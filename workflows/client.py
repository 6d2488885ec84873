"""Connecting to Temporal. Acting on a case is a use case's business (`use_cases.durable`)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.envconfig import ClientConfigProfile
from temporalio.service import RPCError, RPCStatusCode

from workflows.names import SEARCH_ATTRIBUTES, AttributeKind
from workflows.payloads import PayloadKeys, data_converter

_INDEXED: Final[Mapping[AttributeKind, IndexedValueType.ValueType]] = {
    "Keyword": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    "KeywordList": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST,
    "Datetime": IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
    "Bool": IndexedValueType.INDEXED_VALUE_TYPE_BOOL,
    "Int": IndexedValueType.INDEXED_VALUE_TYPE_INT,
}


async def connect(address: str, keys: PayloadKeys, *, namespace: str = "default") -> Client:
    """Connect to a server on this machine or network, `host:port`, without TLS.

    Raises:
        RuntimeError: It cannot be reached.
    """
    return await Client.connect(address, namespace=namespace, data_converter=data_converter(keys))


async def connect_by_profile(
    keys: PayloadKeys, *, profile: str | None, config_file: Path | None, environment: Mapping[str, str]
) -> Client:
    """Connect as Temporal's own configuration says: address, namespace, TLS, API key.

    Args:
        keys: Of the payloads.
        profile: In the configuration file; none for Temporal's usual one.
        config_file: None for the place where Temporal's own tools keep theirs.
        environment: Its `TEMPORAL_*` variables complete the profile.

    Raises:
        RuntimeError: The configuration cannot be read, or the server not be reached.
    """
    found = ClientConfigProfile.load(profile, config_source=config_file, override_env_vars=environment)
    return await Client.connect(**found.to_client_connect_config(), data_converter=data_converter(keys))


async def register_search_attributes(client: Client) -> None:
    """Register what a case shows; what is registered already stays. On a cluster an administrator does this."""
    operator, namespace = client.operator_service, client.namespace
    try:
        listed = await operator.list_search_attributes(ListSearchAttributesRequest(namespace=namespace))
        known = set(listed.custom_attributes)
    except RPCError as error:
        if error.status != RPCStatusCode.UNIMPLEMENTED:
            raise
        known = set()  # The test server cannot list them.
    missing = {name: _INDEXED[kind] for name, kind in SEARCH_ATTRIBUTES.items() if name not in known}
    if missing:
        await operator.add_search_attributes(AddSearchAttributesRequest(namespace=namespace, search_attributes=missing))
