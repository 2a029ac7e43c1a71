"""Close Ray's own ports to other machines: access to one of them allows running code here.

Ray accepts pickled Python on its ports and leaves isolation to the operator. On one machine no
port needs to be reachable from outside, so every port but HTTP listens on the loopback address,
and a token guards them against other users of the machine. On a cluster Ray's ports must be open
between its nodes; a network policy closes them to others (`configs/rayservice.yaml`).
"""

import os
import secrets
from collections.abc import MutableMapping
from pathlib import Path

# Read by Ray 2.60 when it is imported. Unset on Linux, a node takes the address of its network
# card; set to 0, as on macOS and Windows, it takes 127.0.0.1, and its servers listen only there.
_ONE_MACHINE = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
_TOKEN_BYTES = 32


def close_ports(environment: MutableMapping[str, str], home: Path) -> None:
    """Set the environment that Ray reads before it starts: loopback address and token.

    A token that the operator has set is used; without one, `home`/.ray/auth_token is used, made if
    it is missing, and readable by its owner only (Ray 2.60 itself makes it readable by everyone).
    """
    environment.update(_ONE_MACHINE)
    environment["RAY_AUTH_MODE"] = "token"
    if "RAY_AUTH_TOKEN" in environment or "RAY_AUTH_TOKEN_PATH" in environment:
        return
    path = home / ".ray" / "auth_token"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        path.chmod(0o600)
        return
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(_TOKEN_BYTES))


def keep_replica_local() -> None:
    """Make the replica of this process listen on loopback only, where its node does.

    Ray Serve 2.60 binds the port through which replicas call each other to all addresses, whatever
    the node's own (`ray.serve._private.replica`, "[::]:0"). Called by a deployment's constructor,
    which runs before that. Does nothing on a cluster, where other nodes have to reach it.
    """
    import ray
    from ray.serve._private import replica

    if ray.util.get_node_ip_address() != "127.0.0.1":  # type: ignore[no-untyped-call]
        return
    bind = vars(replica)["add_port_to_grpc_server"]

    def bind_local(server: object, address: str) -> int:
        return int(bind(server, address.replace("[::]", "127.0.0.1")))

    vars(replica)["add_port_to_grpc_server"] = bind_local
