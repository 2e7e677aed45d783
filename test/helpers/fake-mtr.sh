#!/bin/sh
# Stands in for mtr: the address that it is asked to probe decides what it does. Notes its arguments beside itself.
echo "$*" >> "$0.calls"
for target; do :; done

answer() {
  printf 'x 0 33000\nh 0 198.51.100.1\nh 0 198.51.100.1\np 0 1000 33000\n'
  printf 'x 1 33001\nh 1 %s\nh 1 %s\np 1 2000 33001\n' "$1" "$1"
}

case "$target" in
  192.0.2.2) printf 'x 0 33000\nx 1 33001\n' ;;
  192.0.2.3) sleep 60 & echo $! > "$0.child"; wait ;;
  192.0.2.4)
    echo 'mtr-packet: Failure to open IPv4 sockets: Permission denied' >&2
    echo 'mtr: Failure to start mtr-packet: Invalid argument' >&2
    exit 1 ;;
  192.0.2.5) echo 'mtr: Failure to start mtr-packet: Invalid argument' >&2; exit 1 ;;
  192.0.2.6) echo 'mtr: udp socket connect failed: Network is unreachable' >&2; exit 1 ;;
  192.0.2.7) trap '' TERM; echo $$ > "$0.child"; while :; do sleep 1; done ;;
  192.0.2.8) printf 'mtr: \033[31msomething\nelse\n' >&2; exit 3 ;;
  192.0.2.9) kill -KILL $$ ;;
  192.0.2.10) ;;
  198.51.100.*) sleep 0.2; answer "$target" ;;
  *) answer "$target" ;;
esac
