#!/bin/sh
# Stands in for ping: the address that it is asked for decides what it does. Notes its arguments beside itself.
echo "$*" >> "$0.calls"
for target; do :; done

case "$target" in
  192.0.2.2) echo '2 packets transmitted, 0 received, 100% packet loss, time 1ms'; exit 1 ;;
  192.0.2.4) echo 'ping: socket: Operation not permitted' >&2; exit 2 ;;
  192.0.2.5)
    echo 'From 198.51.100.1 icmp_seq=1 Destination Host Unreachable'
    echo '64 bytes from 192.0.2.5: icmp_seq=3 ttl=64 time=4.00 ms'
    echo '64 bytes from 192.0.2.5: icmp_seq=2 ttl=64 time=2.00 ms'
    echo '64 bytes from 192.0.2.5: icmp_seq=2 ttl=64 time=9.00 ms (DUP!)' ;;
  192.0.2.6) echo '16 bytes from 192.0.2.6: icmp_seq=1 ttl=64' ;;
  192.0.2.7)
    case "$*" in
      *'-i 0.002'*)
        echo 'ping: cannot flood; minimal interval allowed for user is 200ms' >&2; exit 2 ;;
    esac
    echo '49 bytes from 192.0.2.7: icmp_seq=1 ttl=64 time=1.00 ms' ;;
  *)
    echo "PING $target ($target) 41(69) bytes of data."
    echo "49 bytes from $target: icmp_seq=1 ttl=64 time=1.00 ms"
    echo "49 bytes from $target: icmp_seq=2 ttl=64 time=3.00 ms" ;;
esac
