import { createSocket, type Socket } from 'node:dgram';
import { canonicalAddress } from '../../lib/ip.ts';
import { familyOf } from '../../model/trace/addressKinds.ts';

/**
 * The address from which this host sends to another one, by its routing table. null without a
 * route. Sends nothing.
 */
export async function localAddressTo(address: string): Promise<string | null> {
  const socket = createSocket(familyOf(address) === 6 ? 'udp6' : 'udp4');
  try {
    await connect(socket, address);
    const localAddress = canonicalAddress(socket.address().address);
    return localAddress === '0.0.0.0' || localAddress === '::' ? null : localAddress;
  } catch {
    return null;
  } finally {
    socket.close();
  }
}

function connect(socket: Socket, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    // Port 9 is "discard"; any port works.
    socket.connect(9, address, () => resolve());
  });
}
