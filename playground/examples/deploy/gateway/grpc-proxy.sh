#!/bin/sh
# etcd's own proxy, beside the gateway and for it alone: of equal watches, whoever makes them, etcd holds one.
#
# Set and export:
#
# MEMBERS   10.0.0.1:2379,10.0.0.2:2379,10.0.0.3:2379
# CA        the certificate of your authority
# CERT, KEY its certificate for etcd, without a common name: it refuses to start with one
# PROXY_PORT the port for the gateway, on this machine alone: 23790
exec etcd grpc-proxy start \
  --endpoints="$MEMBERS" --cacert="$CA" --cert="$CERT" --key="$KEY" \
  --listen-addr="127.0.0.1:$PROXY_PORT" --advertise-client-url="127.0.0.1:$PROXY_PORT"
