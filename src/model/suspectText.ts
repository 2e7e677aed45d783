/**
 * The name of what is suspected as people write it. The detection names the subnet of an IPv6 link by its four groups alone
 * (`2001:db8:3:5/64`), which is no prefix; anything else stays as it is.
 */
export function suspectName(name: string): string {
  return /^[\da-f]+(:[\da-f]+){3}\/64$/.test(name) ? name.replace('/', '::/') : name;
}
